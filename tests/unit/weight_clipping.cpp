// An optimizer that clips the weights after each step.

#include <ctgan/gan/gan.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/weight_clipping.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include "../with_threads.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 5;
constexpr float bound = 0.25F;

template <class Network>
using Clipped = WeightClipping<RMSprop<Network>, std::ratio<1, 4>>;
template <template <class> class OfCritic>
using CriticGan = Gan<Sequential<Linear<3, 70>, Tanh>, Sequential<Linear<70, 40>, LeakyReLU<>, Linear<40, 1>>,
                      Wasserstein, TestBackend, float, RMSprop, OfCritic>;

template <class TheGan>
void train(TheGan& gan, std::uint64_t steps) {
    BatchOn<Flat<70>, TestBackend> real(batch);
    BatchOn<Flat<3>, TestBackend> noise(batch);
    for (std::uint64_t step = 0; step < steps; ++step) {
        TestBackend::fill_normal(real.data(), real.size(), 1.F, {4, step, 1});
        TestBackend::fill_normal(noise.data(), noise.size(), 1.F, {4, step, 2});
        gan.train_step(real, noise, step);
    }
}
template <class Network>
std::vector<float> parameters_of(const Network& network) {
    return transfer::values(network.parameters(), network.arena_size());
}

} // namespace

BOOST_AUTO_TEST_CASE(weight_clipping_is_the_step_and_then_the_nearest_value_within_the_bound) {
    CriticGan<Clipped> clipped(3, batch, {.lr = 0}, {.lr = 0.2});
    CriticGan<RMSprop> plain(3, batch, {.lr = 0}, {.lr = 0.2});
    train(clipped, 1);
    train(plain, 1);
    auto expected = parameters_of(plain.discriminator);
    BOOST_TEST(*std::max_element(expected.begin(), expected.end()) > bound);
    for (float& value : expected) value = std::clamp(value, -bound, bound);
    BOOST_TEST((parameters_of(clipped.discriminator) == expected));
    BOOST_TEST(std::count_if(expected.begin(), expected.end(),
                             [](float value) { return value != 0 && value > -bound && value < bound; }) > 0);
    // The generator's optimizer is another one.
    BOOST_TEST((parameters_of(clipped.generator) == parameters_of(plain.generator)));
}

BOOST_AUTO_TEST_CASE(weight_clipping_gives_the_same_bits_with_one_and_two_threads) {
    std::vector<float> of_threads[2];
    for (const int threads : {1, 2}) {
        const WithThreads scope(threads);
        CriticGan<Clipped> gan(3, batch, {.lr = 1e-2}, {.lr = 1e-1});
        train(gan, 3);
        of_threads[threads - 1] = parameters_of(gan.discriminator);
    }
    BOOST_TEST((of_threads[0] == of_threads[1]));
}
