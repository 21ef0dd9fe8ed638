#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/network.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 50;
using Shape = Image<40, 3, 2>;
template <class Layer>
using NetOf = Network<Sequential<Input<40, 3, 2>, Layer>, TestBackend>;

/// The layer's output for a batch whose values are all 7.
template <class Layer>
std::vector<float> after(Mode mode, Randomness randomness) {
    BatchOn<Shape, TestBackend> input(batch);
    TestBackend::fill(input.data(), input.size(), 7.0F);
    NetOf<Layer> network(0);
    typename NetOf<Layer>::TrainingWorkspace workspace(batch);
    const auto output = mode == Mode::training ? network.forward_training(input, workspace, randomness)
                                               : network.forward(input, workspace, randomness);
    return transfer::values(output);
}

/// Checks that each channel of each sample is entirely 0 or entirely `kept`. Returns how many are 0.
int dropped(const std::vector<float>& output, float kept) {
    int count = 0;
    for (std::size_t sample = 0; sample < batch; ++sample)
        for (std::size_t channel = 0; channel < 40; ++channel) {
            const float first = output[sample * 240 + channel];
            BOOST_TEST((first == 0 || first == kept));
            for (std::size_t pixel = 0; pixel < 6; ++pixel)
                BOOST_TEST(output[sample * 240 + pixel * 40 + channel] == first);
            count += first == 0 ? 1 : 0;
        }
    return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(half_of_the_channels_are_dropped_and_the_others_doubled) {
    const int count = dropped(after<Dropout2d<>>(Mode::training, {1, 2}), 14);
    BOOST_TEST(std::abs(count - 1000) < 4 * std::sqrt(500.0));
}

BOOST_AUTO_TEST_CASE(another_probability_drops_another_share) {
    const int count = dropped(after<Dropout2d<std::ratio<1, 4>>>(Mode::training, {1, 2}), 7 * (1 / 0.75F));
    BOOST_TEST(std::abs(count - 500) < 4 * std::sqrt(375.0));
}

BOOST_AUTO_TEST_CASE(mode_training_only_does_nothing_in_evaluation) {
    BOOST_TEST(after<Dropout2d<>>(Mode::evaluation, {1, 2}) == std::vector<float>(batch * Shape::size, 7.0F));
}

BOOST_AUTO_TEST_CASE(mode_always_drops_in_evaluation_too) {
    using Always = Dropout2d<std::ratio<1, 2>, DropoutMode::always>;
    const auto training = after<Always>(Mode::training, {1, 2}),
               evaluation = after<Always>(Mode::evaluation, {1, 2});
    BOOST_TEST(std::abs(dropped(evaluation, 14) - 1000) < 4 * std::sqrt(500.0));
    BOOST_TEST(training == evaluation); // the same random numbers, the same mask
}

BOOST_AUTO_TEST_CASE(another_pass_and_another_seed_give_other_masks) {
    const auto here = after<Dropout2d<>>(Mode::training, {1, 2});
    BOOST_TEST((here == after<Dropout2d<>>(Mode::training, {1, 2})));
    BOOST_TEST((here != after<Dropout2d<>>(Mode::training, {1, 3})));
    BOOST_TEST((here != after<Dropout2d<>>(Mode::training, {2, 2})));
}

BOOST_AUTO_TEST_CASE(two_dropouts_of_a_network_have_different_masks) {
    using Two = Network<Sequential<Input<40, 3, 2>, Dropout2d<>, Dropout2d<>>, TestBackend>;
    BatchOn<Shape, TestBackend> input(batch);
    Two network(0);
    Two::TrainingWorkspace workspace(batch);
    network.forward_training(input, workspace, Randomness{1, 2});
    BOOST_TEST((transfer::values(workspace.saved<1>(), batch * 40) !=
                transfer::values(workspace.saved<2>(), batch * 40)));
}

BOOST_AUTO_TEST_CASE(a_mask_in_the_workspace_is_used_unchanged) {
    BatchOn<Shape, TestBackend> input(1);
    TestBackend::fill(input.data(), input.size(), 1.0F);
    NetOf<Dropout2d<>> network(0);
    NetOf<Dropout2d<>>::TrainingWorkspace workspace(1);
    std::vector<float> mask(40);
    std::iota(mask.begin(), mask.end(), 0.0F);
    transfer::put(mask, workspace.saved<1>());
    const auto output = transfer::values(network.forward_training(input, workspace, Randomness::given()));
    for (std::size_t i = 0; i < Shape::size; ++i) BOOST_TEST(output[i] == static_cast<float>(i % 40));
}

BOOST_AUTO_TEST_CASE(dropout_drops_each_value) {
    const auto output = after<Dropout<std::ratio<1, 4>>>(Mode::training, {1, 2});
    const auto count = static_cast<double>(std::count(output.begin(), output.end(), 0.0F));
    BOOST_TEST(std::abs(count - 3000) < 4 * std::sqrt(2250.0));
    BOOST_TEST(static_cast<double>(std::count(output.begin(), output.end(), 7 * (1 / 0.75F))) ==
               12000 - count);
    // Neighbors are independent: a quarter of a quarter of the pairs is dropped.
    int pairs = 0;
    for (std::size_t i = 0; i + 1 < output.size(); i += 2)
        pairs += output[i] == 0 && output[i + 1] == 0 ? 1 : 0;
    BOOST_TEST(std::abs(pairs - 375) < 4 * std::sqrt(352.0));
    BOOST_TEST((output == after<Dropout<std::ratio<1, 4>>>(Mode::training, {1, 2})));
    BOOST_TEST((output != after<Dropout<std::ratio<1, 4>>>(Mode::training, {1, 3})));
}

BOOST_AUTO_TEST_CASE(dropout_has_the_modes_of_dropout_2d) {
    using Always = Dropout<std::ratio<1, 2>, DropoutMode::always>;
    BOOST_TEST(after<Dropout<>>(Mode::evaluation, {1, 2}) == std::vector<float>(batch * Shape::size, 7.0F));
    BOOST_TEST((after<Always>(Mode::evaluation, {1, 2}) == after<Dropout<>>(Mode::training, {1, 2})));
}

BOOST_AUTO_TEST_CASE(a_given_mask_of_dropout_multiplies_output_and_gradient) {
    using Net = Network<Sequential<Input<6>, Dropout<>>, TestBackend>;
    BatchOn<Flat<6>, TestBackend> input(1), output_gradient(1);
    TestBackend::fill(input.data(), input.size(), 3.0F);
    TestBackend::fill(output_gradient.data(), output_gradient.size(), 5.0F);
    Net network(0);
    Net::TrainingWorkspace workspace(1);
    transfer::put(std::vector<float>{0, 1, 2, 3, 4, 5}, workspace.saved<1>());
    const std::vector<float> times_3{0, 3, 6, 9, 12, 15}, times_5{0, 5, 10, 15, 20, 25};
    BOOST_TEST(transfer::values(network.forward_training(input, workspace, Randomness::given())) == times_3,
               boost::test_tools::per_element());
    BOOST_TEST(transfer::values(network.backward_to_input(output_gradient, workspace)) == times_5,
               boost::test_tools::per_element());
}
