#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

// A ConvolutionGeometry as values: what the code that all geometries share reads at run time.
namespace ctgan::inline CTGAN_ABI::cpu {

/// Where the pixels of the pairs of a geometry are in one of its two images, in values.
struct ImageSteps {
    int channels, height, width;
    Index row, column;         ///< from one pair to the next
    Index tap_row, tap_column; ///< from one tap to the next
    Index origin;              ///< the pixel of pair (0, 0) under tap (0, 0); may be outside the image
    int stride, padding;       ///< in pixels: 1 and 0 for the small image

    constexpr Index image_row() const { return Index{width} * channels; }
    constexpr Index size() const { return height * image_row(); }
    /// The row of the image that belongs to a row of pairs.
    constexpr int row_of(int pair_row, int ky) const {
        return pair_row * stride + (tap_row > 0 ? ky : 0) - padding;
    }
    constexpr Index at(int pair_row, int pair_column, int ky, int kx) const {
        return origin + pair_row * row + pair_column * column + ky * tap_row + kx * tap_column;
    }
};

template <class G>
inline constexpr ImageSteps big_image_steps = [] {
    constexpr Index pixel = G::big_channels, row = pixel * G::big_width;
    return ImageSteps{.channels = G::big_channels,
                      .height = G::big_height,
                      .width = G::big_width,
                      .row = G::stride * row,
                      .column = G::stride * pixel,
                      .tap_row = row,
                      .tap_column = pixel,
                      .origin = -G::padding * (row + pixel),
                      .stride = G::stride,
                      .padding = G::padding};
}();

template <class G>
inline constexpr ImageSteps small_image_steps = {.channels = G::small_channels,
                                                 .height = G::small_height,
                                                 .width = G::small_width,
                                                 .row = Index{G::small_channels} * G::small_width,
                                                 .column = G::small_channels,
                                                 .tap_row = 0,
                                                 .tap_column = 0,
                                                 .origin = 0,
                                                 .stride = 1,
                                                 .padding = 0};

/// The pairs of all taps: their ranges of rows and columns.
struct TapRanges {
    int kernel;
    const ConvolutionRange *rows, *columns; ///< for each kernel row and column

    constexpr int taps() const { return kernel * kernel; }
};

namespace detail {
template <class G>
struct RangeTables {
    Array<ConvolutionRange, G::kernel> rows = {}, columns = {};
    constexpr RangeTables() {
        for (int tap = 0; tap < G::kernel; ++tap) {
            rows[tap] = G::rows(tap);
            columns[tap] = G::columns(tap);
        }
    }
};
template <class G>
inline constexpr RangeTables<G> range_tables{};
} // namespace detail

template <class G>
inline constexpr TapRanges tap_ranges = {G::kernel, detail::range_tables<G>.rows,
                                         detail::range_tables<G>.columns};

} // namespace ctgan::inline CTGAN_ABI::cpu
