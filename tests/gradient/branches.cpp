// The gradients of layers with branches, up to three levels of them, against central differences.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../../include/ctgan/testing/check_gradient.hpp"
#include "../backend.hpp"

using namespace ctgan;

namespace {

template <class Layer, class Shape>
void check(double min_nonzero = 0.95) {
    const auto report = testing::check_gradient<Layer, Shape, TestBackend>(3);
    BOOST_TEST(report.holds(), report.text());
    BOOST_TEST(static_cast<double>(report.nonzero) >= min_nonzero * static_cast<double>(report.compared),
               report.text());
}

using Shape = Image<3, 4, 4>;
using Body = Sequential<Conv2d<3, 4, 3, 1, 1>, Tanh, Conv2d<4, 3, 3, 1, 1>>;

template <int C, class Inner>
using Level =
    Concat<Identity,
           Sequential<Conv2d<C, 2 * C, 4, 2, 1>, Tanh, Inner, ConvTranspose2d<4 * C, C, 4, 2, 1>, Tanh>>;

} // namespace

BOOST_AUTO_TEST_CASE(residual) {
    check<Residual<Body>, Shape>();
    check<Residual<Sequential<BatchNorm2d<3>, Tanh, Body>, Sequential<Conv2d<3, 3, 1>, Sigmoid>>, Shape>();
    check<Residual<Sequential<Linear<6, 6>, Tanh>, Linear<6, 6>>, Flat<6>>();
}

BOOST_AUTO_TEST_CASE(add_and_concat) {
    check<Add<Body, Identity, Conv2d<3, 3, 1>>, Shape>();
    check<Sequential<Conv2d<3, 2, 1>, Concat<Tanh, Conv2d<2, 5, 1>, Identity>, Conv2d<9, 2, 1>>, Shape>();
    check<Sequential<Concat<Linear<5, 3>, Tanh>, Tanh, Linear<8, 2>>, Flat<5>>();
}

BOOST_AUTO_TEST_CASE(three_levels_of_branches) {
    check<Residual<Sequential<Tanh, Residual<Add<Body, Conv2d<3, 3, 1>>>, Tanh>>, Shape>();
    // Of an image of 2 x 2 pixels, the padding is three quarters of what the convolution of the second level
    // reads.
    check<Level<3, Level<6, Concat<Identity, Conv2d<12, 12, 1>>>>, Shape>(0.4);
}
