#include <ctgan/losses/loss.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cmath>
#include <vector>

using namespace ctgan;

namespace {

struct Result {
    double value;
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
    const double value = loss<Loss>(prediction, target, gradient);
    return {value, transfer::values(gradient)};
}

} // namespace

BOOST_AUTO_TEST_CASE(mean_squared_error_by_hand) {
    const auto [value, gradient] = against<MSELoss>({3, -1, 1, 0.5F}, 1);
    BOOST_TEST(value == (4 + 4 + 0 + 0.25) / 4);
    BOOST_TEST(gradient == (std::vector<float>{1, -1, 0, -0.25F}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cross_entropy_by_hand) {
    const auto [value, gradient] = against<BCEWithLogitsLoss>({0, 2}, 1);
    BOOST_TEST(value == (std::log(2.0) + std::log1p(std::exp(-2.0))) / 2, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(gradient[0] == -0.25F);
    BOOST_TEST(gradient[1] == static_cast<float>(-0.5 / (1 + std::exp(2.0))),
               boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(losses_stay_finite_for_large_scores) {
    const std::vector<float> large{1e4F, -1e4F, 0};
    for (const float target : {0.0F, 1.0F}) {
        const auto entropy = against<BCEWithLogitsLoss>(large, target);
        // One of the two large scores is wrong by 1e4, the other is right.
        BOOST_TEST(entropy.value == (1e4 + std::log(2.0)) / 3, boost::test_tools::tolerance(1e-6));
        BOOST_TEST(entropy.gradient[0] == (1 - target) / 3, boost::test_tools::tolerance(1e-6F));
        BOOST_TEST(entropy.gradient[1] == -target / 3, boost::test_tools::tolerance(1e-6F));
        const auto squared = against<MSELoss>(large, target);
        BOOST_TEST(std::isfinite(squared.value));
        BOOST_TEST(squared.value > 6e7);
    }
}

BOOST_AUTO_TEST_CASE(a_single_target_equals_a_batch_of_it) {
    const std::vector<float> predictions{0.5F, -2, 3, 0.125F, 1}, targets(5, 0.75F);
    const auto alone = against<BCEWithLogitsLoss>(predictions, 0.75F);
    const Column prediction = column(predictions), target = column(targets);
    Column gradient(5);
    BOOST_TEST(loss<BCEWithLogitsLoss>(prediction, target, gradient) == alone.value);
    BOOST_TEST(transfer::values(gradient) == alone.gradient, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(value_and_gradient_follow_one_rule) {
    // Whatever the form of the target and of the value, both are `scale` times those of the mean.
    const std::vector<float> predictions{0.5F, -2, 3, 0.125F};
    const auto whole = against<BCEWithLogitsLoss>(predictions, 1);
    const Column prediction = column(predictions), target = column({1, 1, 1, 1});
    Column gradient(4);
    LossValue<TestBackend> value;
    for (const double scale : {0.25, 2.0}) {
        loss<BCEWithLogitsLoss>(prediction, target, gradient, value, {.scale = scale});
        BOOST_TEST(value.item() == scale * whole.value, boost::test_tools::tolerance(1e-15));
        BOOST_TEST(loss<BCEWithLogitsLoss>(prediction.view(), 1, gradient.view(), {.scale = scale}) ==
                   value.item());
        const auto scaled = transfer::values(gradient);
        for (std::size_t i = 0; i < scaled.size(); ++i)
            BOOST_TEST(scaled[i] == static_cast<float>(scale) * whole.gradient[i]);
    }
}

BOOST_AUTO_TEST_CASE(micro_batches_with_a_scale_add_up_to_the_whole_batch) {
    const std::vector<float> predictions{0.5F, -2, 3, 0.125F};
    const auto whole = against<MSELoss>(predictions, 0.5F);
    double value = 0;
    std::vector<float> gradients;
    for (std::size_t first = 0; first < 4; first += 2) {
        const Column part = column({predictions[first], predictions[first + 1]});
        Column gradient(2);
        value += loss<MSELoss>(part, 0.5, gradient, {.scale = 0.5});
        for (const float slope : transfer::values(gradient)) gradients.push_back(slope);
    }
    BOOST_TEST(value == whole.value, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(gradients == whole.gradient, boost::test_tools::per_element());
}
