#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/parallel.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <vector>

using namespace ctgan;

BOOST_AUTO_TEST_CASE(extents_follow_pytorch_s_formulas) {
    for (int n = 1; n <= 12; ++n)
        for (int kernel = 1; kernel <= 5; ++kernel)
            for (int stride = 1; stride <= 4; ++stride)
                for (int padding = 0; padding <= 3; ++padding)
                    for (int dilation = 1; dilation <= 3; ++dilation) {
                        // torch.nn.Conv2d: floor((n + 2 padding - dilation (kernel - 1) - 1) / stride + 1)
                        const int reach = dilation * (kernel - 1) + 1;
                        const double exact = (n + 2 * padding - reach) / double(stride) + 1;
                        const int expected =
                            n + 2 * padding < reach ? 0 : static_cast<int>(std::floor(exact));
                        BOOST_TEST(convolution_extent(n, kernel, stride, padding, dilation) == expected);
                        // torch.nn.ConvTranspose2d: (n - 1) stride - 2 padding + dilation (kernel - 1) +
                        // output_padding + 1
                        for (int output_padding = 0; output_padding < stride; ++output_padding)
                            BOOST_TEST(
                                transposed_extent(n, kernel, stride, padding, output_padding, dilation) ==
                                (n - 1) * stride - 2 * padding + reach + output_padding);
                    }
}

BOOST_AUTO_TEST_CASE(a_transposed_convolution_undoes_a_convolution_s_extent) {
    for (int n = 4; n <= 20; ++n)
        for (int stride = 1; stride <= 3; ++stride) {
            const int small = convolution_extent(n, 4, stride, 1);
            const int left_over = (n + 2 - 4) % stride;
            BOOST_TEST(transposed_extent(small, 4, stride, 1, left_over) == n);
        }
}

namespace {

/// Checks for every tap which rows and columns of the small image have a partner in the big image.
template <class G>
void check_ranges() {
    Index pairs = 0;
    for (int tap = 0; tap < G::kernel_height; ++tap) {
        for (int row = 0; row < G::small_height; ++row) {
            const int partner = row * G::stride_height - G::padding_height + tap * G::dilation_height;
            const bool inside = partner >= 0 && partner < G::big_height;
            BOOST_TEST((row >= G::rows(tap).begin && row < G::rows(tap).end) == inside);
        }
        BOOST_TEST(G::rows(tap).size() >= 0);
    }
    for (int tap = 0; tap < G::kernel_width; ++tap) {
        for (int column = 0; column < G::small_width; ++column) {
            const int partner = column * G::stride_width - G::padding_width + tap * G::dilation_width;
            const bool inside = partner >= 0 && partner < G::big_width;
            BOOST_TEST((column >= G::columns(tap).begin && column < G::columns(tap).end) == inside);
        }
        BOOST_TEST(G::columns(tap).size() >= 0);
    }
    for (int y = 0; y < G::small_height; ++y)
        for (int x = 0; x < G::small_width; ++x)
            for (int ky = 0; ky < G::kernel_height; ++ky)
                for (int kx = 0; kx < G::kernel_width; ++kx) {
                    const int row = y * G::stride_height - G::padding_height + ky * G::dilation_height;
                    const int column = x * G::stride_width - G::padding_width + kx * G::dilation_width;
                    if (row >= 0 && row < G::big_height && column >= 0 && column < G::big_width) ++pairs;
                }
    BOOST_TEST(G::multiplications() == pairs * G::big_channels * G::small_channels / G::groups);
    BOOST_TEST(pairs > 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(convolution_ranges_contain_exactly_the_pairs_inside_both_images) {
    check_ranges<ConvolutionGeometry<1, 28, 28, 4, 13, 13, 3, 2, 0>>();
    check_ranges<ConvolutionGeometry<3, 7, 7, 5, 7, 7, 3, 1, 1>>();
    check_ranges<ConvolutionGeometry<2, 9, 11, 3, 5, 6, 5, 2, 2>>();
    check_ranges<ConvolutionGeometry<2, 10, 7, 3, 4, 3, 3, 3, 1>>();
    check_ranges<ConvolutionGeometry<2, 5, 5, 3, 2, 2, 1, 3, 0>>();
    check_ranges<ConvolutionGeometry<5, 4, 4, 6, 1, 1, 4, 1, 0>>();
    // More padding than kernel: whole rows of the small image see only zeros.
    check_ranges<ConvolutionGeometry<1, 3, 2, 1, 9, 8, 3, 1, 4>>();
    check_ranges<ConvolutionGeometry<1, 2, 3, 1, 4, 4, 2, 3, 4>>();
    // Rows and columns differ, and the channels are in groups.
    check_ranges<ConvolutionGeometry<4, 9, 8, 6, 4, 6, 3, 2, 1, 5, 1, 3, 2, 1, 2>>();
}

BOOST_AUTO_TEST_CASE(parts_cover_the_whole_evenly) {
    for (int total = 1; total <= 70; ++total)
        for (int max = 1; max <= 20; ++max) {
            const cpu::Parts parts{total, max};
            BOOST_TEST(parts.count() == (total + max - 1) / max);
            int covered = 0;
            for (int part = 0; part < parts.count(); ++part) {
                BOOST_TEST(parts.begin(part) == covered);
                BOOST_TEST(parts.size(part) >= parts.smallest());
                BOOST_TEST(parts.size(part) <= parts.largest());
                covered += parts.size(part);
            }
            BOOST_TEST(covered == total);
            BOOST_TEST(parts.smallest() >= 1);
            BOOST_TEST(parts.largest() <= max);
            BOOST_TEST(parts.largest() - parts.smallest() <= 1);
        }
}

BOOST_AUTO_TEST_CASE(parallel_for_runs_each_chunk_once) {
    for (const Index chunks : {0, 1, 2, 5, 100}) {
        std::vector<std::atomic<int>> calls(static_cast<std::size_t>(chunks));
        cpu::parallel_for(chunks, [&](Index chunk) { ++calls[static_cast<std::size_t>(chunk)]; });
        for (const auto& count : calls) BOOST_TEST(count == 1);
    }
}
