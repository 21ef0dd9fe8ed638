#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

// A ConvolutionGeometry as values: what the code that all geometries share reads at run time.
namespace ctgan::inline CTGAN_ABI::cpu {

/// Where the pixels of the pairs of a geometry are in one of its two images, in values.
struct ImageSteps {
    int channels;
    int pixels;
    Index row, column;         ///< from one pair to the next
    Index tap_row, tap_column; ///< from one tap to the next
    Index origin;              ///< the pixel of pair (0, 0) under tap (0, 0); may be outside the image

    constexpr Index size() const { return Index{pixels} * channels; }
    constexpr Index at(int pair_row, int pair_column, int ky, int kx) const {
        return origin + pair_row * row + pair_column * column + ky * tap_row + kx * tap_column;
    }
};

template <class G>
inline constexpr ImageSteps big_image_steps = [] {
    constexpr Index pixel = G::big_channels, row = pixel * G::big_width;
    return ImageSteps{G::big_channels, G::big_height * G::big_width, G::stride * row, G::stride * pixel, row,
                      pixel,           -G::padding * (row + pixel)};
}();

template <class G>
inline constexpr ImageSteps small_image_steps = {G::small_channels,
                                                 G::small_height* G::small_width,
                                                 Index{G::small_channels} * G::small_width,
                                                 G::small_channels,
                                                 0,
                                                 0,
                                                 0};

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
