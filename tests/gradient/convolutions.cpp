#include <ctgan/layers/convolution.hpp>
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

} // namespace

BOOST_AUTO_TEST_CASE(conv2d) {
    check<Conv2d<1, 4, 3>, Image<1, 5, 5>>(3);
    check<Conv2d<3, 5, 3, 1, 1>, Image<3, 5, 4>>(2);
    check<Conv2d<2, 2, 1>, Image<2, 3, 3>>(3);
    check<Conv2d<2, 1, 4, 1, 0>, Image<2, 4, 4>>(1);
}

BOOST_AUTO_TEST_CASE(conv2d_with_a_stride_that_skips_pixels) {
    check<Conv2d<2, 3, 3, 2>, Image<2, 6, 8>>(2); // the last row and column reach no output
    check<Conv2d<2, 3, 5, 2, 2>, Image<2, 5, 6>>(2);
    check<Conv2d<2, 3, 3, 3, 1>, Image<2, 6, 7>>(2);
    check<Conv2d<2, 17, 1, 3>, Image<2, 5, 5>>(2); // and pixels between the kernel's positions
}

BOOST_AUTO_TEST_CASE(conv_transpose2d) {
    check<ConvTranspose2d<3, 2, 3, 1, 1>, Image<3, 4, 5>>(2);
    check<ConvTranspose2d<3, 2, 4, 2, 1>, Image<3, 3, 4>>(2);
    check<ConvTranspose2d<4, 3, 4>, Image<4, 1, 1>>(3);
    check<ConvTranspose2d<2, 1, 5, 3, 2>, Image<2, 3, 3>>(2);
}

BOOST_AUTO_TEST_CASE(conv_transpose2d_with_output_padding) {
    check<ConvTranspose2d<2, 3, 3, 2, 1, 1>, Image<2, 3, 4>>(2);
    check<ConvTranspose2d<2, 3, 3, 3, 0, 2>, Image<2, 3, 2>>(2);
}

BOOST_AUTO_TEST_CASE(conv_transpose2d_with_a_stride_above_its_kernel) {
    check<ConvTranspose2d<2, 3, 2, 3>, Image<2, 3, 3>>(2);
    check<ConvTranspose2d<2, 17, 1, 2, 0, 1>, Image<2, 3, 3>>(2);
}
