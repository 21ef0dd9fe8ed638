#include <ctgan/losses/loss.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cmath>
#include <vector>

using namespace ctgan;

namespace {

struct Result {
    double sum;
    std::vector<float> gradient;
};

using Column = BatchOn<Flat<1>, TestBackend>;

/// A batch of one value per sample, in the backend's memory.
Column column(const std::vector<float>& values) {
    Column result(static_cast<int>(values.size()));
    transfer::put(values, result.data());
    return result;
}

template <class Loss>
Result against(const std::vector<float>& predictions, float target) {
    const Column prediction = column(predictions);
    Column gradient(prediction.count());
    TestBackend::Memory<double> sum(1);
    loss<Loss, TestBackend>(prediction.view(), target, gradient.view(), sum.data());
    return {transfer::value(sum.data()), transfer::values(gradient)};
}

} // namespace

BOOST_AUTO_TEST_CASE(mean_squared_error_by_hand) {
    const auto [sum, gradient] = against<MSELoss>({3, -1, 1, 0.5F}, 1);
    BOOST_TEST(sum == 4 + 4 + 0 + 0.25);
    BOOST_TEST(gradient == (std::vector<float>{1, -1, 0, -0.25F}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cross_entropy_by_hand) {
    const auto [sum, gradient] = against<BCEWithLogitsLoss>({0, 2}, 1);
    BOOST_TEST(sum == std::log(2.0) + std::log1p(std::exp(-2.0)), boost::test_tools::tolerance(1e-6));
    BOOST_TEST(gradient[0] == -0.25F);
    BOOST_TEST(gradient[1] == static_cast<float>(-0.5 / (1 + std::exp(2.0))),
               boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(losses_stay_finite_for_large_scores) {
    const std::vector<float> large{1e4F, -1e4F, 0};
    for (const float target : {0.0F, 1.0F}) {
        const auto entropy = against<BCEWithLogitsLoss>(large, target);
        // One of the two large scores is wrong by 1e4, the other is right.
        BOOST_TEST(entropy.sum == 1e4 + std::log(2.0), boost::test_tools::tolerance(1e-6));
        BOOST_TEST(entropy.gradient[0] == (1 - target) / 3, boost::test_tools::tolerance(1e-6F));
        BOOST_TEST(entropy.gradient[1] == -target / 3, boost::test_tools::tolerance(1e-6F));
        const auto squared = against<MSELoss>(large, target);
        BOOST_TEST(std::isfinite(squared.sum));
        BOOST_TEST(squared.sum > 1.9e8);
    }
}

BOOST_AUTO_TEST_CASE(a_single_target_equals_a_batch_of_it) {
    const std::vector<float> predictions{0.5F, -2, 3, 0.125F, 1}, targets(5, 0.75F);
    const auto alone = against<BCEWithLogitsLoss>(predictions, 0.75F);
    const Column prediction = column(predictions), target = column(targets);
    Column gradient(5);
    TestBackend::Memory<double> sum(1);
    loss<BCEWithLogitsLoss, TestBackend>(prediction.view(), target.view(), gradient.view(), sum.data());
    BOOST_TEST(transfer::value(sum.data()) == alone.sum);
    BOOST_TEST(transfer::values(gradient) == alone.gradient, boost::test_tools::per_element());
}
