#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>

using namespace ctgan;

namespace {

/// A network whose weights fill whole registers, with a remainder. All weights have the same value.
using Net = Network<Sequential<Linear<37, 3>>, TestBackend, double>;

void set_all(double* values, Index n, double value) { TestBackend::fill(values, n, value); }

bool all_are_equal(const Net& network) {
    const auto all = transfer::values(network.parameters(), network.arena_size());
    return std::count(all.begin(), all.end(), all[0]) == network.arena_size();
}

} // namespace

BOOST_AUTO_TEST_CASE(gradient_descent_by_hand) {
    Net network(0);
    Net::Gradients gradients;
    SGD<Net> optimizer(network, {.lr = 0.5});
    set_all(network.parameters(), network.arena_size(), 2);
    for (const double expected : {1.5, 1.0, 0.5}) {
        set_all(gradients.data(), gradients.size(), 1);
        optimizer.step(network, gradients);
        BOOST_TEST(transfer::value(network.parameters()) == expected);
        BOOST_TEST(all_are_equal(network));
    }
}

BOOST_AUTO_TEST_CASE(gradient_descent_with_momentum_by_hand) {
    Net network(0);
    Net::Gradients gradients;
    SGD<Net> optimizer(network, {.lr = 0.25, .momentum = 0.5});
    set_all(network.parameters(), network.arena_size(), 1);
    struct Step {
        double gradient, expected;
    };
    // Velocities: 4; 2 + 2 = 4; 2 - 8 = -6; -3 + 0 = -3.
    for (const auto& [gradient, expected] : {Step{4, 0}, Step{2, -1}, Step{-8, 0.5}, Step{0, 1.25}}) {
        set_all(gradients.data(), gradients.size(), gradient);
        optimizer.step(network, gradients);
        BOOST_TEST(transfer::value(network.parameters()) == expected);
        BOOST_TEST(all_are_equal(network));
    }
}

BOOST_AUTO_TEST_CASE(adam_by_its_formula) {
    Net network(0);
    Net::Gradients gradients;
    Adam<Net> optimizer(network, {.lr = 0.1, .betas = {0.5, 0.75}, .eps = 1e-3});
    set_all(network.parameters(), network.arena_size(), 1);
    double p = 1, m = 0, v = 0;
    int t = 0;
    for (const double g : {0.5, -2.0, 0.0, 1e-30, 1e30, 3.0}) {
        ++t;
        m = 0.5 * m + 0.5 * g;
        v = 0.75 * v + 0.25 * g * g;
        p -= 0.1 * (m / (1 - std::pow(0.5, t))) / (std::sqrt(v / (1 - std::pow(0.75, t))) + 1e-3);
        set_all(gradients.data(), gradients.size(), g);
        optimizer.step(network, gradients);
        BOOST_TEST(transfer::value(network.parameters()) == p, boost::test_tools::tolerance(1e-12));
        BOOST_TEST(all_are_equal(network));
    }
    BOOST_TEST(optimizer.steps() == 6);
}

BOOST_AUTO_TEST_CASE(adam_s_learning_rate_may_change_even_between_recorded_steps) {
    Net network(0);
    Net::Gradients gradients;
    Adam<Net> optimizer(network, {.lr = 0.5, .eps = 0});
    set_all(network.parameters(), network.arena_size(), 1);
    set_all(gradients.data(), gradients.size(), 1);
    TestBackend::Recording recording;
    const auto step = [&] { recording.run([&] { optimizer.step(network, gradients); }); };
    step(); // with a constant gradient the length of each step is the learning rate
    BOOST_TEST(transfer::value(network.parameters()) == 0.5, boost::test_tools::tolerance(1e-12));
    optimizer.set_lr(0.125);
    step();
    BOOST_TEST(transfer::value(network.parameters()) == 0.375, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(optimizer.options().lr == 0.125);
    optimizer.set_steps(2); // as a checkpoint does: the rate stays
    step();
    BOOST_TEST(transfer::value(network.parameters()) == 0.25, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(adam_s_first_step_has_the_length_of_the_learning_rate) {
    Net network(0);
    Net::Gradients gradients;
    Adam<Net> optimizer(network);
    set_all(network.parameters(), network.arena_size(), 0);
    set_all(gradients.data(), gradients.size(), -123.0);
    optimizer.step(network, gradients);
    BOOST_TEST(transfer::value(network.parameters()) == 1e-3, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(adam_s_moments_in_float_are_rounded_once) {
    // 1 - 0.999 must be computed in double and then rounded: computed from 0.999 in float it would be off
    // by 1.3e-5.
    using FloatNet = Network<Sequential<Linear<37, 3>>, TestBackend, float>;
    FloatNet network(0);
    FloatNet::Gradients gradients;
    TestBackend::fill(gradients.data(), gradients.size(), 0.3F);
    Adam<FloatNet> adam(network);
    adam.step(network, gradients);
    const auto within_two_ulp = [](float found, double expected) {
        return std::abs(found - expected) <= 2 * 6e-8 * expected;
    };
    for (const float m : transfer::values(adam.state(0), network.arena_size()))
        BOOST_REQUIRE(within_two_ulp(m, 0.1 * double{0.3F}));
    for (const float v : transfer::values(adam.state(1), network.arena_size()))
        BOOST_REQUIRE(within_two_ulp(v, 0.001 * double{0.3F} * double{0.3F}));
}
