#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/averaged.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include "../with_threads.hpp"
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

template <class T>
using OddNet = Network<Sequential<Linear<7, 37>, BatchNorm1d<37>, Tanh, Linear<37, 3>>, TestBackend, T>;

template <class Net>
auto parameters(const Net& network) {
    return transfer::values(network.parameters(), network.arena_size());
}
template <class Net>
auto buffers(const Net& network) {
    return transfer::values(network.buffers(), network.buffers_size());
}

/// Other parameters and running statistics.
template <class Net>
void change(Net& network, std::uint64_t step) {
    using T = typename Net::scalar;
    TestBackend::fill_normal(network.parameters(), network.arena_size(), T{1}, {3, step, 1});
    TestBackend::fill_normal(network.buffers(), network.buffers_size(), T{1}, {3, step, 2});
    network.set_training_passes(static_cast<std::int64_t>(step) + 10);
}

template <class T>
void check_formula(double decay, double tolerance) {
    OddNet<T> network(3);
    Averaged<OddNet<T>> average(network, decay);
    // It begins with the network's values, so the first update averages, too.
    BOOST_TEST((parameters(average.network()) == parameters(network)));
    std::vector<double> expected;
    for (const T value : parameters(network)) expected.push_back(static_cast<double>(value));
    for (std::uint64_t step = 0; step < 5; ++step) {
        change(network, step);
        average.update(network);
        const auto now = parameters(network), found = parameters(average.network());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            expected[i] = decay * expected[i] + (1 - decay) * static_cast<double>(now[i]);
            BOOST_TEST_REQUIRE(std::abs(static_cast<double>(found[i]) - expected[i]) <= tolerance,
                               found[i] << " instead of " << expected[i] << " after step " << step);
        }
        BOOST_TEST((buffers(average.network()) == buffers(network)));
        BOOST_TEST(average.network().training_passes() == network.training_passes());
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(the_average_by_its_formula) {
    for (const double decay : {0.0, 0.5, 0.999}) {
        check_formula<double>(decay, 1e-15);
        check_formula<float>(decay, 1e-6);
    }
}

BOOST_AUTO_TEST_CASE(one_minus_the_decay_is_rounded_once) {
    // From a decay in float it would be 1.0001659e-4.
    OddNet<float> network(3);
    TestBackend::fill(network.parameters(), network.arena_size(), 0.0F);
    Averaged<OddNet<float>> average(network, 0.9999);
    TestBackend::fill(network.parameters(), network.arena_size(), 1.0F);
    average.update(network);
    for (const float value : parameters(average.network())) BOOST_TEST_REQUIRE(value == 1e-4F);
}

BOOST_AUTO_TEST_CASE(the_average_of_a_constant_is_that_constant) {
    OddNet<float> network(3);
    Averaged<OddNet<float>> average(network, 0.999);
    for (int step = 0; step < 100; ++step) average.update(network);
    BOOST_TEST((parameters(average.network()) == parameters(network)));
}

BOOST_AUTO_TEST_CASE(a_decay_out_of_range_is_refused) {
    const OddNet<float> network(3);
    const auto refused = [&](double decay, const std::string& found) {
        BOOST_CHECK_EXCEPTION(Averaged<OddNet<float>>(network, decay), std::invalid_argument,
                              [&](const auto& error) {
                                  return error.what() == "Averaged: found decay = " + found +
                                                             ", expected at least 0 and below 1";
                              });
    };
    refused(1, "1");
    refused(-0.001, "-0.001");
    refused(std::numeric_limits<double>::quiet_NaN(), "nan");
    BOOST_CHECK_NO_THROW(Averaged<OddNet<float>>(network, 0));
}

BOOST_AUTO_TEST_CASE(the_average_does_not_change_the_network_nor_follow_it_by_itself) {
    OddNet<float> network(3);
    Averaged<OddNet<float>> average(network);
    const auto before = parameters(network);
    change(network, 0);
    const auto after = parameters(network), statistics = buffers(network);
    BOOST_TEST((parameters(average.network()) == before));
    average.update(network);
    BOOST_TEST((parameters(network) == after));
    BOOST_TEST((buffers(network) == statistics));
    BOOST_TEST((parameters(average.network()) != before));
}

BOOST_AUTO_TEST_CASE(an_average_knows_its_network) {
    OddNet<float> network(3), other(3);
    Averaged<OddNet<float>> average(network);
    const auto names_the_problem = [](const std::invalid_argument& error) {
        return error.what() ==
               std::string("Averaged: found an update by another network than the one that it "
                           "was constructed with, expected that one");
    };
    BOOST_CHECK_EXCEPTION(average.update(other), std::invalid_argument, names_the_problem);
    BOOST_CHECK_EXCEPTION(average.update(average.network()), std::invalid_argument, names_the_problem);
    const OddNet<float> copy = network;
    BOOST_CHECK_NO_THROW(average.update(copy));
    // The average is another network, too.
    Adam<OddNet<float>> optimizer(network);
    OddNet<float>::Gradients gradients;
    BOOST_CHECK_THROW(optimizer.step(average.network(), gradients), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_average_is_resumed_from_its_network) {
    OddNet<float> network(3);
    Averaged<OddNet<float>> whole(network, 0.9), first(network, 0.9);
    change(network, 0);
    whole.update(network);
    first.update(network);
    const OddNet<float> saved = first.network();
    Averaged<OddNet<float>> second(network, 0.9);
    second.network() = saved;
    change(network, 1);
    whole.update(network);
    second.update(network);
    BOOST_TEST((parameters(second.network()) == parameters(whole.network())));
    BOOST_TEST((parameters(second.network()) != parameters(saved)));
}

BOOST_AUTO_TEST_CASE(the_average_has_the_same_bits_with_one_and_two_threads) {
    using Net = Network<Sequential<Linear<150, 301>, Tanh, Linear<301, 3>>, TestBackend>;
    const auto run = [](int threads) {
        const WithThreads scope(threads);
        Net network(3);
        Averaged<Net> average(network, 0.9);
        for (std::uint64_t step = 0; step < 3; ++step) {
            change(network, step);
            average.update(network);
        }
        return parameters(average.network());
    };
    BOOST_TEST((run(1) == run(2)));
}
