#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/schedule.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ctgan;

namespace {

/// Compares the rates of steps 0, 1, 2, ...
template <class Schedule>
void check(const Schedule& schedule, const std::vector<double>& expected) {
    for (std::size_t step = 0; step < expected.size(); ++step)
        BOOST_TEST(schedule(step) == expected[step], boost::test_tools::tolerance(1e-13));
}

constexpr std::uint64_t far_away = std::uint64_t{1} << 62;

} // namespace

BOOST_AUTO_TEST_CASE(the_rate_by_steps_is_that_of_pytorch_s_documentation) {
    // StepLR(step_size=30, gamma=0.1): lr = 0.05 if epoch < 30, 0.005 if 30 <= epoch < 60, 0.0005 if 60 <=
    // epoch < 90.
    const StepLR schedule{.lr = 0.05, .step_size = 30, .gamma = 0.1};
    for (const auto& [step, rate] :
         {std::pair{0, 0.05}, {29, 0.05}, {30, 0.005}, {59, 0.005}, {60, 0.0005}, {89, 0.0005}})
        BOOST_TEST(schedule(static_cast<std::uint64_t>(step)) == rate, boost::test_tools::tolerance(1e-13));
    check(StepLR{.lr = 2, .step_size = 2, .gamma = 0.5}, {2, 2, 1, 1, 0.5, 0.5, 0.25});
    check(StepLR{.lr = 2, .step_size = 1}, {2, 0.2, 0.02, 0.002});
    BOOST_TEST((StepLR{.lr = 2, .step_size = 1}(far_away)) == 0);
    BOOST_TEST((StepLR{.lr = 2, .step_size = far_away + 1}(far_away)) == 2);
}

BOOST_AUTO_TEST_CASE(the_linear_rate_is_that_of_pytorch_s_documentation) {
    // LinearLR(start_factor=0.5, total_iters=4) with lr = 0.05.
    check(LinearLR{.lr = 0.05, .steps = 4, .start_factor = 0.5},
          {0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05, 0.05});
    check(LinearLR{.lr = 3, .steps = 2}, {1, 2, 3, 3}); // PyTorch's default start_factor, 1/3
    check(LinearLR{.lr = 3, .steps = 0}, {3, 3});
    BOOST_TEST((LinearLR{.lr = 3, .steps = 7}(far_away)) == 3);
    BOOST_TEST((LinearLR{.lr = 3, .steps = 5, .start_factor = 0}(0)) == 0);
}

BOOST_AUTO_TEST_CASE(the_cosine_rate_equals_pytorch_s_closed_form) {
    // eta_min + (lr - eta_min) (1 + cos(pi t / T_max)) / 2; at thirds and halves of T_max the cosine is a
    // half, zero or one.
    check(CosineAnnealingLR{.lr = 0.4, .steps = 6},
          {0.4, 0.2 * (1 + std::sqrt(3.0) / 2), 0.3, 0.2, 0.1, 0.2 * (1 - std::sqrt(3.0) / 2)});
    check(CosineAnnealingLR{.lr = 5, .steps = 2, .eta_min = 1}, {5, 3, 1, 1, 1});
    BOOST_TEST((CosineAnnealingLR{.lr = 5, .steps = 2, .eta_min = 1}(2)) == 1); // exactly
    BOOST_TEST((CosineAnnealingLR{.lr = 5, .steps = 7, .eta_min = 1}(far_away)) == 1);
    BOOST_TEST((CosineAnnealingLR{.lr = 5, .steps = 0, .eta_min = 1}(0)) == 1);
    BOOST_TEST((CosineAnnealingLR{.lr = 5, .steps = 7}(6)) > 0);
}

BOOST_AUTO_TEST_CASE(the_cosine_rate_equals_pytorch_s_recursion) {
    // CosineAnnealingLR computes each rate from the one before it.
    constexpr double pi = 3.14159265358979323846, lr = 0.1, eta_min = 1e-3;
    constexpr std::uint64_t steps = 50;
    double rate = lr;
    for (std::uint64_t t = 0; t <= steps; ++t) {
        BOOST_TEST((CosineAnnealingLR{.lr = lr, .steps = steps, .eta_min = eta_min}(t)) == rate,
                   boost::test_tools::tolerance(1e-11));
        const auto factor = [](std::uint64_t s) { return 1 + std::cos(pi * static_cast<double>(s) / steps); };
        rate = factor(t + 1) / factor(t) * (rate - eta_min) + eta_min;
    }
}

BOOST_AUTO_TEST_CASE(a_step_size_of_zero_is_refused) {
    const StepLR schedule{.lr = 1, .step_size = 0};
    BOOST_CHECK_EXCEPTION(schedule(3), std::invalid_argument, [](const auto& error) {
        return error.what() == std::string("StepLR: found step_size = 0, expected at least 1");
    });
}

BOOST_AUTO_TEST_CASE(a_schedule_has_no_state_to_resume) {
    // Two optimizers in turn, the second from the middle, take the steps of one.
    using Net = Network<Sequential<Linear<7, 3>>, TestBackend>;
    constexpr CosineAnnealingLR schedule{.lr = 0.5, .steps = 8};
    constexpr int steps = 8;
    const auto train = [&](Net& network, SGD<Net>& optimizer, int from, int to) {
        Net::Gradients gradients;
        for (int step = from; step < to; ++step) {
            TestBackend::fill_normal(gradients.data(), gradients.size(), 1.0F,
                                     {3, static_cast<std::uint64_t>(step), 1});
            optimizer.set_lr(schedule(static_cast<std::uint64_t>(step)));
            optimizer.step(network, gradients);
        }
    };
    Net whole(1), parts(1);
    SGD<Net> optimizer(whole), first(parts);
    train(whole, optimizer, 0, steps);
    train(parts, first, 0, 3);
    SGD<Net> second(parts);
    second.set_steps(3);
    train(parts, second, 3, steps);
    const auto values = [](const Net& network) {
        return transfer::values(network.parameters(), network.arena_size());
    };
    BOOST_TEST((values(whole) == values(parts)));
    BOOST_TEST((values(whole) != values(Net(1))));
}
