// What runs between the backward pass and the next forward pass allocates no memory.

#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/averaged.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/schedule.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../with_threads.hpp"
#include "count_allocations.hpp"

using namespace ctgan;

#if CTGAN_COUNT_ALLOCATIONS

namespace {

/// More parameters than one chunk of a parallel loop.
using Net = Network<Sequential<Linear<150, 301>, BatchNorm1d<301>, Tanh, Linear<301, 3>>>;

template <class Optimizer>
void check(const typename Optimizer::Options& options) {
    for (const int threads : {1, 2}) {
        const WithThreads scope(threads);
        Net network(3);
        Net::Gradients gradients;
        Optimizer optimizer(network, options);
        Averaged<Net> average(network);
        double norm = 0;
        const auto step = [&] {
            Cpu::fill(gradients.data(), gradients.size(), 0.5F);
            norm = grad_norm(gradients);
            clip_grad_norm(gradients, 1);
            optimizer.set_lr(CosineAnnealingLR{.lr = 0.1, .steps = 10}(3));
            optimizer.step(network, gradients);
            average.update(network);
        };
        step(); // the thread pool starts its threads
        BOOST_TEST(training::allocations_of([&] {
                       for (int k = 0; k < 3; ++k) step();
                   }) == 0,
                   Optimizer::rule::name << " on " << threads << " threads");
        BOOST_TEST(norm > 1);
        BOOST_TEST(optimizer.steps() == 4);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_step_of_each_optimizer_clipping_and_averaging_allocate_no_memory) {
    for (const Decays decays : {Decays::all, Decays::weights}) {
        check<Adam<Net>>({.weight_decay = 0.1, .decays = decays});
        check<AdamW<Net>>({.decays = decays});
        check<SGD<Net>>({.momentum = 0.5, .weight_decay = 0.1, .nesterov = true, .decays = decays});
        check<RMSprop<Net>>({.weight_decay = 0.1, .momentum = 0.5, .centered = true, .decays = decays});
    }
}

#else

BOOST_AUTO_TEST_CASE(a_step_of_each_optimizer_clipping_and_averaging_allocate_no_memory,
                     *boost::unit_test::precondition(training::can_count)) {}

#endif
