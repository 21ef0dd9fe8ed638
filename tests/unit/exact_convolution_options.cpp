// Conv2dWith, ConvTranspose2dWith and layers without bias: every geometry, on whole numbers.

#include <ctgan/layers/linear.hpp>

#include "exact_convolutions.hpp"

using namespace ctgan;

namespace {

template <Conv2dOptions options, int H, int W>
void check() {
    for (const int batch : {1, 5}) check_convolution_with<options, H, W>(batch);
}
template <ConvTranspose2dOptions options, int H, int W>
void check_transposed() {
    for (const int batch : {1, 5}) check_transposed_convolution_with<options, H, W>(batch);
}

} // namespace

BOOST_AUTO_TEST_CASE(rectangular_convolutions_are_exact_on_whole_numbers) {
    check<Conv2dOptions{.in = 3, .out = 18, .kernel = {3, 5}, .stride = {2, 1}, .padding = {1, 3}}, 9, 8>();
    check<Conv2dOptions{.in = 17, .out = 3, .kernel = {1, 4}, .stride = {1, 3}, .padding = {0, 1}}, 5, 11>();
    check_transposed<ConvTranspose2dOptions{.in = 5,
                                            .out = 4,
                                            .kernel = {4, 2},
                                            .stride = {3, 1},
                                            .padding = {1, 0},
                                            .output_padding = {2, 0}},
                     4, 6>();
}

BOOST_AUTO_TEST_CASE(dilated_convolutions_are_exact_on_whole_numbers) {
    check<Conv2dOptions{.in = 4, .out = 5, .kernel = 3, .stride = 2, .padding = 2, .dilation = {2, 3}}, 9,
          10>();
    check<Conv2dOptions{.in = 1, .out = 18, .kernel = 2, .padding = 1, .dilation = 3}, 5, 7>(); // unfolded
    check_transposed<ConvTranspose2dOptions{.in = 3, .out = 4, .kernel = 3, .stride = 2, .dilation = {3, 2}},
                     4, 5>();
    // Stride and dilation have a common divisor, and the output padding is more than the stride.
    check_transposed<ConvTranspose2dOptions{.in = 2,
                                            .out = 3,
                                            .kernel = {3, 2},
                                            .stride = {4, 2},
                                            .padding = 1,
                                            .output_padding = {0, 3},
                                            .dilation = {6, 4}},
                     3, 5>();
}

BOOST_AUTO_TEST_CASE(convolutions_of_groups_are_exact_on_whole_numbers) {
    check<Conv2dOptions{.in = 6, .out = 9, .kernel = 3, .stride = 2, .padding = 1, .groups = 3}, 7, 6>();
    check<Conv2dOptions{.in = 64, .out = 34, .kernel = {1, 2}, .groups = 2, .bias = false}, 3, 4>();
    // Groups of so few channels that several fill a register.
    check<Conv2dOptions{.in = 24, .out = 12, .kernel = 3, .padding = 1, .groups = 6}, 5, 4>();
    check_transposed<ConvTranspose2dOptions{.in = 8, .out = 8, .kernel = 3, .stride = 2, .groups = 4}, 3,
                     4>();
    // As many channels as registers hold: weights that other geometries would read in place.
    check_transposed<ConvTranspose2dOptions{.in = 4, .out = 128, .kernel = 2, .stride = 2, .groups = 2}, 3,
                     3>();
    check_transposed<
        ConvTranspose2dOptions{
            .in = 9, .out = 6, .kernel = 3, .padding = 1, .dilation = 2, .groups = 3, .bias = false},
        5, 4>();
}

BOOST_AUTO_TEST_CASE(depthwise_convolutions_are_exact_on_whole_numbers) {
    // Two packs, one pack and single channels, whatever the register.
    check<Conv2dOptions{.in = 51, .out = 51, .kernel = 3, .padding = 1, .groups = 51}, 6, 5>();
    check<Conv2dOptions{
              .in = 3, .out = 6, .kernel = {3, 2}, .stride = 2, .padding = 1, .dilation = 2, .groups = 3},
          9, 8>();
    check<Conv2dOptions{.in = 6, .out = 3, .kernel = 3, .groups = 3, .bias = false}, 5, 5>();
    check_transposed<ConvTranspose2dOptions{
                         .in = 35, .out = 35, .kernel = 4, .stride = 2, .padding = 1, .groups = 35},
                     4, 3>();
    check_transposed<ConvTranspose2dOptions{.in = 4, .out = 8, .kernel = 3, .stride = 3, .groups = 4}, 3,
                     3>();
    check_transposed<
        ConvTranspose2dOptions{
            .in = 8, .out = 4, .kernel = 3, .stride = 2, .output_padding = 1, .groups = 4, .bias = false},
        3, 4>();
    check<Conv2dOptions{.in = 33, .out = 33, .kernel = 3, .padding = 1, .groups = 33}, 65,
          9>(); // several chunks
}

BOOST_AUTO_TEST_CASE(reflected_convolutions_are_exact_on_whole_numbers) {
    check<Conv2dOptions{
              .in = 3, .out = 5, .kernel = 3, .padding = {1, 2}, .padding_mode = PaddingMode::reflect},
          5, 4>();
    // The largest padding: a pixel is shown three times.
    check<Conv2dOptions{.in = 4,
                        .out = 4,
                        .kernel = {4, 3},
                        .stride = 2,
                        .padding = 3,
                        .groups = 4,
                        .bias = false,
                        .padding_mode = PaddingMode::reflect},
          4, 5>();
}

BOOST_AUTO_TEST_CASE(layers_without_bias_are_exact_on_whole_numbers) {
    check<Conv2dOptions{.in = 3, .out = 33, .kernel = 3, .padding = 1, .bias = false}, 5, 5>();
    for (const int batch : {1, 5, 33}) {
        const auto pairs = []<int In, int Out>(std::integer_sequence<int, In, Out>) {
            return [](int count, const auto& visit) {
                for (Index n = 0; n < count; ++n)
                    for (Index o = 0; o < Out; ++o)
                        for (Index i = 0; i < In; ++i) visit(n * In + i, o * In + i, n * Out + o);
            };
        };
        integers::check_layer<Linear<17, 35, false>, Flat<17>>(batch,
                                                               pairs(std::integer_sequence<int, 17, 35>{}));
        integers::check_layer<Linear<70, 1, false>, Flat<70>>(batch,
                                                              pairs(std::integer_sequence<int, 70, 1>{}));
    }
}
