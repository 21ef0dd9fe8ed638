// The gradients of pooling, upsampling and PixelShuffle, against central differences: alone, between layers
// that reuse memory, and in branches.

#include <ctgan/dcgan.hpp>

#include "check.hpp"

using namespace ctgan;
using gradient::check;

namespace {

/// A layer alone, and between a convolution and an activation.
template <class Layer, int C, int H, int W>
void check_both(double min_nonzero = 0.95) {
    check<Layer, Image<C, H, W>>(2, {}, min_nonzero);
    check<Sequential<Conv2d<2, C, 3, 1, 1>, Layer, Tanh>, Image<2, H, W>>(2);
}

using Body = Sequential<Conv2d<4, 4, 3, 1, 1>, Tanh>;

} // namespace

BOOST_AUTO_TEST_CASE(max_pool_2d) {
    check_both<MaxPool2d<2>, 3, 4, 6>(0.2);
    check_both<MaxPool2d<3, 2, 1>, 3, 5, 4>(0.2);
    check<MaxPool2d<2, 3>, Image<2, 5, 6>>(2, {}, 0.1); // pixels that no window has
}

BOOST_AUTO_TEST_CASE(avg_pool_2d) {
    check_both<AvgPool2d<2>, 3, 4, 6>();
    check_both<AvgPool2d<3, 2, 1>, 3, 5, 4>();
    check_both<GlobalAvgPool2d, 3, 5, 4>();
}

BOOST_AUTO_TEST_CASE(upsample) {
    check_both<Upsample<3>, 3, 2, 3>();
    check_both<Upsample<2, Interpolation::bilinear>, 3, 3, 2>();
    check<Upsample<3, Interpolation::bilinear>, Image<2, 4, 1>>(2);
}

BOOST_AUTO_TEST_CASE(pixel_shuffle) {
    check_both<PixelShuffle<2>, 8, 3, 2>();
    check<PixelShuffle<3>, Image<9, 2, 2>>(2);
}

BOOST_AUTO_TEST_CASE(in_branches) {
    using Shape = Image<4, 4, 4>;
    check<Residual<Sequential<Body, AvgPool2d<2>>, MaxPool2d<2>>, Shape>(2);
    check<Concat<Upsample<2, Interpolation::bilinear>, Sequential<Body, Upsample<2>>,
                 Sequential<Conv2d<4, 12, 1>, PixelShuffle<2>>>,
          Shape>(2);
    check<Sequential<Add<Sequential<MaxPool2d<3, 1, 1>, Body>, Identity>, GlobalAvgPool2d, Linear<4, 2>>,
          Shape>(2);
}
