#include "exact_convolutions.hpp"

namespace {

template <int In, int Out, int Kernel, int Stride, int Padding, int H, int W>
void check() {
    for (const int batch : {1, 3, 7}) check_convolution<In, Out, Kernel, Stride, Padding, H, W>(batch);
}

} // namespace

BOOST_AUTO_TEST_CASE(convolution_is_exact_on_whole_numbers) {
    check<3, 5, 3, 1, 1, 5, 5>();
    check<4, 8, 3, 1, 0, 9, 17>();
    check<2, 3, 5, 2, 2, 9, 11>();
}

BOOST_AUTO_TEST_CASE(convolution_of_one_channel_is_exact_on_whole_numbers) {
    check<1, 17, 3, 2, 0, 28, 28>();
}

BOOST_AUTO_TEST_CASE(convolution_to_one_channel_is_exact_on_whole_numbers) { check<33, 1, 4, 2, 1, 8, 6>(); }

BOOST_AUTO_TEST_CASE(convolution_of_odd_channels_is_exact_on_whole_numbers) {
    check<17, 33, 3, 2, 0, 5, 5>();
    check<33, 17, 3, 1, 1, 4, 5>();
}

BOOST_AUTO_TEST_CASE(convolution_with_a_kernel_of_one_pixel_is_exact_on_whole_numbers) {
    check<3, 17, 1, 1, 0, 5, 5>();
    check<2, 3, 1, 3, 0, 7, 4>();
}

BOOST_AUTO_TEST_CASE(convolution_with_a_stride_of_three_is_exact_on_whole_numbers) {
    check<2, 3, 3, 3, 1, 10, 7>();
}

BOOST_AUTO_TEST_CASE(convolution_with_more_padding_than_kernel_is_exact_on_whole_numbers) {
    // Outputs that see only padding are the bias.
    check<3, 2, 2, 1, 3, 3, 4>();
}
