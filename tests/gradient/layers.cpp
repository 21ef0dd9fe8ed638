#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/augment.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/projection.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/sequential.hpp>

#include "check.hpp"

using namespace ctgan;
using gradient::check;
using testing::GradientOptions;

namespace {

constexpr GradientOptions evaluation{.mode = Mode::evaluation};
constexpr GradientOptions kink_at_zero{.keep_away_from_zero = 1e-4};

} // namespace

BOOST_AUTO_TEST_CASE(linear) {
    check<Linear<5, 7>, Flat<5>>(3);
    check<Linear<33, 17>, Flat<33>>(4);
    check<Linear<20, 1>, Flat<20>>(1);
    check<Linear<1, 3>, Flat<1>>(7);
}

BOOST_AUTO_TEST_CASE(batch_norm_with_the_batch_s_statistics) {
    check<BatchNorm1d<9>, Flat<9>>(5);
    check<BatchNorm1d<35>, Flat<35>>(3);
    check<BatchNorm2d<3>, Image<3, 4, 5>>(4);
    check<BatchNorm2d<33>, Image<33, 2, 2>>(2);
    check<BatchNorm2d<2>, Image<2, 5, 5>>(1);
}

BOOST_AUTO_TEST_CASE(batch_norm_with_running_statistics) {
    check<BatchNorm1d<9>, Flat<9>>(5, evaluation);
    check<BatchNorm1d<9>, Flat<9>>(1, evaluation);
    check<BatchNorm2d<3>, Image<3, 4, 5>>(4, evaluation);
}

BOOST_AUTO_TEST_CASE(activations) {
    check<ReLU, Image<2, 4, 4>>(3, kink_at_zero, 0.3);
    check<LeakyReLU<>, Image<2, 4, 4>>(3, kink_at_zero);
    check<LeakyReLU<std::ratio<1, 5>>, Flat<40>>(3, kink_at_zero);
    check<Tanh, Image<2, 4, 4>>(3);
    check<Sigmoid, Flat<40>>(3);
}

BOOST_AUTO_TEST_CASE(dropout_with_a_fixed_mask) {
    check<Dropout2d<>, Image<16, 3, 2>>(4, {}, 0.3);
    check<Dropout2d<std::ratio<1, 4>>, Image<16, 3, 2>>(4, {}, 0.5);
    check<Dropout2d<>, Image<16, 3, 2>>(4, evaluation);
    check<Dropout2d<std::ratio<1, 2>, DropoutMode::always>, Image<16, 3, 2>>(4, {}, 0.3);
    // This mode drops channels in evaluation, too: some derivatives must be zero.
    const auto report = testing::check_gradient<Dropout2d<std::ratio<1, 2>, DropoutMode::always>,
                                                Image<16, 3, 2>, TestBackend>(4, evaluation);
    BOOST_TEST(report.holds(), report.text());
    BOOST_TEST(report.nonzero < report.compared);
}

BOOST_AUTO_TEST_CASE(augmentations_with_fixed_draws) {
    check<AugmentColor, Image<3, 5, 4>>(3);
    check<AugmentTranslation<std::ratio<1, 4>>, Image<2, 5, 6>>(3, {}, 0.4);
    check<AugmentCutout<>, Image<2, 5, 6>>(3, {}, 0.4);
    // The last one writes over what a neighbor returns, and the first one over its gradient.
    check<Sequential<Input<3, 8, 8>, Tanh, AugmentColor, Sigmoid, DiffAugment, Tanh>, Image<3, 8, 8>>(2, {},
                                                                                                      0.4);
    check<AugmentColor, Image<3, 5, 4>>(3, evaluation);
}

BOOST_AUTO_TEST_CASE(projection) {
    check<Narrow<1, 3>, Image<5, 2, 3>>(2, {}, 0.5);
    check<InnerProduct<5>, Flat<10>>(3);
    check<Projection<150>, Flat<300>>(2); // more than one part of a sum
}

BOOST_AUTO_TEST_CASE(reshape_and_flatten) {
    check<Reshape<3, 4, 5>, Flat<60>>(2);
    check<Flatten, Image<3, 4, 5>>(2);
    check<Flatten, Flat<11>>(2);
}

/// A network may begin with Linear, without an Input layer: the gradient with respect to its input is then
/// the only part of the workspace that has the input's size.
BOOST_AUTO_TEST_CASE(a_first_linear_layer_computes_the_gradient_of_a_wide_input) {
    using Narrowing = Network<Sequential<Linear<300, 2>>, TestBackend, double>;
    Narrowing network(1);
    const BatchOn<Flat<300>, TestBackend, double> input(3);
    BatchOn<Flat<2>, TestBackend, double> output_gradient(3);
    TestBackend::fill(output_gradient.data(), output_gradient.size(), 1.0);
    Narrowing::TrainingWorkspace workspace(3);
    network.forward_training(input, workspace);
    const auto to_input = transfer::values(network.backward_to_input(output_gradient, workspace));
    const auto weight = transfer::values(network.parameter<0, 0>(), Index{300} * 2);
    const TensorSpec order = Linear<300, 2>::parameters[0];
    const auto weight_at = [&](Index i) { return weight[static_cast<std::size_t>(order.memory_index(i))]; };
    for (std::size_t sample = 0; sample < 3; ++sample)
        for (Index i = 0; i < 300; ++i)
            BOOST_TEST(to_input[sample * 300 + static_cast<std::size_t>(i)] ==
                           weight_at(i) + weight_at(300 + i),
                       boost::test_tools::tolerance(1e-15));
}
