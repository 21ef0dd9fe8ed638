#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/testing/check_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"

using namespace ctgan;

namespace {

template <class Layer, class Shape>
void check(int batch) {
    const auto report = testing::check_gradient<Layer, Shape, TestBackend>(batch);
    BOOST_TEST(report.holds(), report.text());
}

using Rectangle = Conv2dWith<Conv2dOptions{
    .in = 4, .out = 4, .kernel = {3, 2}, .padding = {2, 1}, .dilation = {2, 2}, .groups = 2, .bias = false}>;
using Reflected = Conv2dWith<Conv2dOptions{
    .in = 4, .out = 4, .kernel = 3, .padding = 1, .padding_mode = PaddingMode::reflect}>;
using Depthwise = Conv2dWith<Conv2dOptions{.in = 4, .out = 8, .kernel = 3, .padding = 1, .groups = 4}>;
using Up = ConvTranspose2dWith<ConvTranspose2dOptions{
    .in = 4, .out = 2, .kernel = {4, 3}, .stride = {2, 1}, .padding = {1, 0}, .groups = 2, .bias = false}>;
using Shape = Image<4, 5, 4>;

} // namespace

BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry) {
    check<Rectangle, Shape>(2);
    check<Reflected, Shape>(2);
    check<Depthwise, Shape>(3);
    check<Up, Shape>(2);
    check<Linear<5, 3, false>, Flat<5>>(3);
}

BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry_between_others) {
    check<Sequential<Input<4, 5, 4>, Conv2d<4, 4, 1>, Rectangle, Tanh, Reflected, Tanh, Depthwise, Tanh>,
          Shape>(2);
    check<Sequential<Input<4, 5, 4>, Conv2d<4, 4, 1>, Up, Tanh>, Shape>(2);
}

BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry_in_branches) {
    check<Sequential<Input<4, 5, 4>, Residual<Sequential<Tanh, Reflected>>, Concat<Depthwise, Identity>>,
          Shape>(2);
}
