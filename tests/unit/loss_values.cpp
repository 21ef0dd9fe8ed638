// The scale and the value of a loss, and the batches that it takes.

#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/losses/cross_entropy.hpp>
#include <ctgan/losses/elementwise.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 9, classes = 5;
using Net = Network<Sequential<Linear<4, 6>, Tanh, Linear<6, classes>>, TestBackend, double>;
using Logits = BatchOn<Flat<classes>, TestBackend, double>;
using Labels = BatchOn<Flat<1>, TestBackend, std::uint8_t>;
using Input = BatchOn<Flat<4>, TestBackend, double>;

Labels labels(int count) {
    Labels result(count);
    std::vector<std::uint8_t> values;
    for (int i = 0; i < count; ++i) values.push_back(static_cast<std::uint8_t>(i * 3 % classes));
    transfer::put(values, result.data());
    return result;
}
Logits targets(int count) {
    Logits result(count);
    TestBackend::fill_uniform(result.data(), result.size(), 1.0, {6, 0, 1});
    return result;
}

/// Samples `first` to `first + count - 1` of a batch.
template <class Shape, class T>
auto part(const BatchOn<Shape, TestBackend, T>& whole, int first, int count) {
    return View<Shape, const T, typename TestBackend::memory_space>{whole.data() + first * Shape::size,
                                                                    count};
}
/// A number is the target of each part.
double part(double target, int, int) { return target; }

/// Value and gradients of the loss of a network's output, in micro-batches of these sizes.
template <class Loss, class Target>
std::vector<double> in_micro_batches(const std::vector<int>& sizes, const Target& target) {
    Net network(2);
    Input input(batch);
    TestBackend::fill_normal(input.data(), input.size(), 1.0, {5, 0, 1});
    Net::TrainingWorkspace workspace(batch);
    Net::Gradients gradients;
    TestBackend::fill(gradients.data(), gradients.size(), 77.0); // the first micro-batch overwrites them
    double value = 0;
    int first = 0;
    for (const int size : sizes) {
        Logits gradient(size);
        const auto output = network.forward_training(part(input, first, size), workspace);
        value += loss<Loss>(output, part(target, first, size), gradient,
                            {.scale = static_cast<double>(size) / batch});
        network.backward(gradient, workspace, gradients, first > 0);
        first += size;
    }
    BOOST_TEST_REQUIRE(first == batch);
    std::vector<double> all{value};
    network.for_each_tensor([&](int, const TensorSpec& tensor, const double* data, bool) {
        const auto values = transfer::values(gradients.data() + (data - network.parameters()), tensor.size());
        all.insert(all.end(), values.begin(), values.end());
    });
    return all;
}

template <class Loss, class Target>
void check_micro_batches(const Target& target) {
    const auto whole = in_micro_batches<Loss>({batch}, target);
    for (const auto& sizes : {std::vector{3, 3, 3}, std::vector{4, 5}, std::vector{1, 7, 1}}) {
        const auto found = in_micro_batches<Loss>(sizes, target);
        BOOST_TEST_REQUIRE(found.size() == whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i)
            BOOST_TEST(std::abs(found[i] - whole[i]) <= 1e-14 * (1 + std::abs(whole[i])));
    }
}

/// The value is the same in all forms, and so is the gradient.
template <class Loss, class Target>
void check_item(const Target& target) {
    Logits prediction(batch), gradient(batch), other(batch);
    TestBackend::fill_normal(prediction.data(), prediction.size(), 1.0, {7, 0, 1});
    LossValue<TestBackend> value;
    BOOST_TEST(value.item() == 0);
    for (const double scale : {1.0, 1.0 / 3, -2.5, 0.0}) {
        const double returned = loss<Loss>(prediction, target, gradient, {.scale = scale});
        loss<Loss>(prediction, target, other, value, {.scale = scale});
        BOOST_TEST(value.item() == returned); // not added to the last one
        BOOST_TEST((returned != 0) == (scale != 0));
        BOOST_TEST((transfer::values(gradient) == transfer::values(other)));
        BOOST_TEST(loss<Loss>(prediction.view(), target, gradient.view(), {.scale = scale}) == returned);
    }
    const double returned = loss<Loss>(prediction, target, gradient);
    loss<Loss>(prediction, target, other, value);
    BOOST_TEST(value.item() == returned);
    BOOST_TEST(loss<Loss>(prediction, target, gradient, {.scale = -2}) == -2 * returned,
               boost::test_tools::tolerance(1e-15));
}

/// Calls loss() with and without a LossValue; each must throw this message and write nothing.
template <class Loss, class Target>
void check_refusal(const Logits& prediction, const Target& target, Logits& gradient,
                   const std::string& message) {
    TestBackend::fill(gradient.data(), gradient.size(), 3.0);
    const auto has_message = [&](const std::invalid_argument& error) { return error.what() == message; };
    LossValue<TestBackend> value;
    BOOST_CHECK_EXCEPTION(loss<Loss>(prediction, target, gradient), std::invalid_argument, has_message);
    BOOST_CHECK_EXCEPTION(loss<Loss>(prediction, target, gradient, value), std::invalid_argument,
                          has_message);
    BOOST_TEST(value.item() == 0);
    for (const double g : transfer::values(gradient)) BOOST_TEST(g == 3);
}

} // namespace

BOOST_AUTO_TEST_CASE(gradients_of_scaled_micro_batches_add_up_to_those_of_the_batch) {
    check_micro_batches<MSELoss>(0.75);
    check_micro_batches<MSELoss>(targets(batch));
    check_micro_batches<BCEWithLogitsLoss>(1.0);
    check_micro_batches<BCEWithLogitsLoss>(targets(batch));
    check_micro_batches<CrossEntropyLoss>(labels(batch));
}

BOOST_AUTO_TEST_CASE(a_loss_value_is_the_returned_loss) {
    check_item<MSELoss>(0.75);
    check_item<MSELoss>(targets(batch));
    check_item<BCEWithLogitsLoss>(1);
    check_item<BCEWithLogitsLoss>(targets(batch));
    check_item<CrossEntropyLoss>(labels(batch));
}

BOOST_AUTO_TEST_CASE(batches_of_another_size_than_the_prediction_s_are_refused) {
    const Logits three(3);
    Logits gradient(3), short_gradient(2), long_gradient(4);
    const auto message = [](const std::string& loss, const std::string& what, int found) {
        return loss + ": found a " + what + " of " + std::to_string(found) +
               " samples, expected 3, the prediction's";
    };
    check_refusal<MSELoss>(three, targets(2), gradient, message("MSELoss", "target", 2));
    check_refusal<MSELoss>(three, targets(4), gradient, message("MSELoss", "target", 4));
    check_refusal<MSELoss>(three, targets(3), short_gradient, message("MSELoss", "gradient", 2));
    check_refusal<BCEWithLogitsLoss>(three, 1, short_gradient, message("BCEWithLogitsLoss", "gradient", 2));
    check_refusal<BCEWithLogitsLoss>(three, 1, long_gradient, message("BCEWithLogitsLoss", "gradient", 4));
    check_refusal<CrossEntropyLoss>(three, labels(4), gradient, message("CrossEntropyLoss", "target", 4));
    check_refusal<CrossEntropyLoss>(three, labels(3), long_gradient,
                                    message("CrossEntropyLoss", "gradient", 4));
}
