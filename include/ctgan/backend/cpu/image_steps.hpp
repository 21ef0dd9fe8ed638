#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>

// A ConvolutionGeometry as values: what the code that all geometries share reads at run time.
namespace ctgan::inline CTGAN_ABI::cpu {

/// Where the pixels of the pairs of a geometry are in one of its two images, in values.
struct ImageSteps {
    int channels, height, width; ///< the channels of one group
    int pixel;                   ///< from one pixel to the next: the channels of all groups
    Index row, column;           ///< from one pair to the next
    Index tap_row, tap_column;   ///< from one tap to the next
    Index origin;                ///< the pixel of pair (0, 0) under tap (0, 0); may be outside the image
    int row_stride, row_padding, row_dilation; ///< in rows: 1, 0 and 0 for the small image

    constexpr Index image_row() const { return Index{width} * pixel; }
    constexpr Index size() const { return height * image_row(); }
    /// The row of the image that belongs to a row of pairs.
    constexpr int row_of(int pair_row, int ky) const {
        return pair_row * row_stride + ky * row_dilation - row_padding;
    }
    /// Those of the rows of pairs of a kernel row that belong to rows of the image from first_row on, before
    /// last_row.
    constexpr ConvolutionRange pairs_in_rows(ConvolutionRange pairs, int ky, int first_row,
                                             int last_row) const {
        if (last_row - first_row == height) return pairs;
        const auto pairs_above = [&](int image_row) {
            const int above = image_row - row_of(pairs.begin, ky);
            return above <= 0 ? 0 : (std::min)(pairs.size(), (above - 1) / row_stride + 1);
        };
        return {pairs.begin + pairs_above(first_row), pairs.begin + pairs_above(last_row)};
    }
    constexpr Index at(int pair_row, int pair_column, int ky, int kx) const {
        return origin + pair_row * row + pair_column * column + ky * tap_row + kx * tap_column;
    }
};

template <class G>
inline constexpr ImageSteps big_image_steps = [] {
    constexpr Index pixel = G::big_channels, row = pixel * G::big_width;
    return ImageSteps{.channels = G::big_group,
                      .height = G::big_height,
                      .width = G::big_width,
                      .pixel = G::big_channels,
                      .row = G::stride_height * row,
                      .column = G::stride_width * pixel,
                      .tap_row = G::dilation_height * row,
                      .tap_column = G::dilation_width * pixel,
                      .origin = -G::padding_height * row - G::padding_width * pixel,
                      .row_stride = G::stride_height,
                      .row_padding = G::padding_height,
                      .row_dilation = G::dilation_height};
}();

template <class G>
inline constexpr ImageSteps small_image_steps = {.channels = G::small_group,
                                                 .height = G::small_height,
                                                 .width = G::small_width,
                                                 .pixel = G::small_channels,
                                                 .row = Index{G::small_channels} * G::small_width,
                                                 .column = G::small_channels,
                                                 .tap_row = 0,
                                                 .tap_column = 0,
                                                 .origin = 0,
                                                 .row_stride = 1,
                                                 .row_padding = 0,
                                                 .row_dilation = 0};

/// The pairs of all taps: their ranges of rows and columns.
struct TapRanges {
    int kernel_rows, kernel_columns;
    const ConvolutionRange *rows, *columns; ///< for each kernel row and column

    constexpr int taps() const { return kernel_rows * kernel_columns; }
};

namespace detail {
template <class G>
struct RangeTables {
    Array<ConvolutionRange, G::kernel_height> rows = {};
    Array<ConvolutionRange, G::kernel_width> columns = {};
    constexpr RangeTables() {
        for (int tap = 0; tap < G::kernel_height; ++tap) rows[tap] = G::rows(tap);
        for (int tap = 0; tap < G::kernel_width; ++tap) columns[tap] = G::columns(tap);
    }
};
template <class G>
inline constexpr RangeTables<G> range_tables{};
} // namespace detail

template <class G>
inline constexpr TapRanges tap_ranges = {G::kernel_height, G::kernel_width, detail::range_tables<G>.rows,
                                         detail::range_tables<G>.columns};

} // namespace ctgan::inline CTGAN_ABI::cpu
