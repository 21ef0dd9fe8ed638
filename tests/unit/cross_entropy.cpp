#include <ctgan/losses/cross_entropy.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

using namespace ctgan;

namespace {

constexpr int classes = 3;
template <class T>
using Logits = BatchOn<Flat<classes>, TestBackend, T>;

template <class T>
struct Result {
    double value;
    std::vector<T> gradient;
};

/// The loss of logits, with one row for each label.
template <class T, class Label>
Result<T> against(const std::vector<T>& logits, const std::vector<Label>& labels) {
    const int batch = static_cast<int>(labels.size());
    Logits<T> prediction(batch), gradient(batch);
    BatchOn<Flat<1>, TestBackend, Label> target(batch);
    transfer::put(logits, prediction.data());
    transfer::put(labels, target.data());
    const double value = loss<CrossEntropyLoss>(prediction, target, gradient);
    return {value, transfer::values(gradient)};
}

} // namespace

BOOST_AUTO_TEST_CASE(cross_entropy_of_classes_by_hand) {
    // The softmax is 1/4, 1/4, 1/2; then 1/3 each.
    const double two = std::log(2.0);
    const auto [value, gradient] = against<double>({0, 0, two, 5, 5, 5}, std::vector<std::uint8_t>{2, 0});
    BOOST_TEST(value == (two + std::log(3.0)) / 2, boost::test_tools::tolerance(1e-14));
    const std::vector<double> expected{0.125, 0.125, -0.25, -1.0 / 3, 1.0 / 6, 1.0 / 6};
    BOOST_TEST(gradient == expected, boost::test_tools::tolerance(1e-14) << boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cross_entropy_of_classes_equals_pytorch_s) {
    // x = torch.tensor([[1.5, -0.25, 3], [0, 100, -100], [-2, -2.5, -3], [1e4, 0, 1e4]], requires_grad=True)
    // loss = torch.nn.CrossEntropyLoss()(x, torch.tensor([2, 0, 1, 0])); loss.backward()
    // print(f"{loss.item():.9g}", *(f"{g:.9g}" for g in x.grad.flatten()))
    const auto [value, gradient] = against<float>(
        {1.5F, -0.25F, 3, 0, 100, -100, -2, -2.5F, -3, 1e4F, 0, 1e4F}, std::vector<int>{2, 0, 1, 0});
    BOOST_TEST(value == 25.5265083, boost::test_tools::tolerance(1e-7));
    const std::vector<float> expected{0.0442050435F, 0.0076816855F, -0.0518867373F, -0.25F,  0.25F, 0,
                                      0.126620099F,  -0.173201025F, 0.0465809293F,  -0.125F, 0,     0.125F};
    BOOST_TEST(gradient == expected, boost::test_tools::tolerance(1e-6F) << boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cross_entropy_s_gradient_equals_its_derivative) {
    constexpr int batch = 40; // more than one chunk of a thread of the CPU backend
    constexpr double epsilon = 1e-6;
    Logits<double> drawn(batch);
    TestBackend::fill_normal(drawn.data(), drawn.size(), 2.0, {.seed = 1});
    const std::vector<double> logits = transfer::values(drawn);
    std::vector<std::int64_t> labels(batch);
    for (int i = 0; i < batch; ++i) labels[static_cast<std::size_t>(i)] = i % classes;
    const auto [value, gradient] = against(logits, labels);
    for (std::size_t k = 0; k < logits.size(); ++k) {
        auto more = logits, less = logits;
        more[k] += epsilon;
        less[k] -= epsilon;
        const double slope = (against(more, labels).value - against(less, labels).value) / (2 * epsilon);
        BOOST_TEST(std::abs(gradient[k] - slope) < 1e-9, k << ": " << gradient[k] << ", expected " << slope);
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_label_makes_loss_and_gradient_nan) {
    const std::vector<float> logits{1, 2, 3};
    BOOST_TEST(std::isfinite(against(logits, std::vector<int>{2}).value));
    for (const int label : {-1, 3, 255}) {
        const auto [value, gradient] = against(logits, std::vector<int>{label});
        BOOST_TEST(std::isnan(value));
        for (const float slope : gradient) BOOST_TEST(std::isnan(slope));
    }
}

BOOST_AUTO_TEST_CASE(the_numbers_of_labels_and_predictions_must_match) {
    Logits<float> prediction(4), gradient(4);
    BatchOn<Flat<1>, TestBackend, std::uint8_t> labels(3);
    BOOST_CHECK_EXCEPTION(
        loss<CrossEntropyLoss>(prediction, labels, gradient), std::invalid_argument,
        [](const std::invalid_argument& error) {
            return std::string(error.what()) ==
                   "CrossEntropyLoss: found a target of 3 samples, expected 4, the prediction's";
        });
}
