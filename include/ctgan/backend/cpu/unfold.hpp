#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

namespace detail {
/// to[b][a][c] (+)= from[a][b][c]. All geometries share it: with constant sizes compilers would unroll it.
template <class T>
CTGAN_SHARED void swap_first_dimensions(T* to, const T* from, int a_size, int b_size, int c_size, bool add) {
    for (Index a = 0; a < a_size; ++a)
        for (Index b = 0; b < b_size; ++b, from += c_size) {
            T* const row = to + (b * a_size + a) * c_size;
            for (int c = 0; c < c_size; ++c) row[c] = add ? row[c] + from[c] : from[c];
        }
}
} // namespace detail

/// The big image of a geometry as a matrix (im2col): a row for each pixel of the small image, with the values
/// that the kernel covers there, [tap][big channel], zero outside the image. The convolution then becomes one
/// with a 1 x 1 kernel, the geometry `Dense`, whose weight is [small channel][tap][big channel].
///
/// The copy is worthwhile if the big image has few channels: a single tap would leave most lanes of a
/// register unused.
template <class G>
struct Unfolded {
    static constexpr int channels = G::big_channels * G::taps;
    static constexpr int pixels = G::small_height * G::small_width;
    static constexpr int row_size = G::big_width * G::big_channels, big_size = G::big_height * row_size;
    static constexpr Index size = Index{pixels} * channels; ///< per sample
    using Dense = ConvolutionGeometry<channels, G::small_height, G::small_width, G::small_channels,
                                      G::small_height, G::small_width, 1, 1, 0>;

    template <class T>
    static void unfold(T* rows, const T* big_image, int batch) {
        parallel_for(batch, [=](Index sample) {
            T* to = rows + sample * size;
            std::fill_n(to, size, T{0});
            for_each_pair(big_image + sample * big_size, to, 0, G::big_height,
                          [](const T& image, T& row) { row = image; });
        });
    }

    /// The transpose of unfold: big = f(sum + bias), with the sum of all values in `rows` that belong to the
    /// same value of the image. `bias` may be null.
    template <class T, class F>
    static void fold(T* big_image, const T* rows, const T* bias, int batch, F f) {
        constexpr Parts parts{G::big_height, 8};
        parallel_for(Index{batch} * parts.count(), [=](Index chunk) {
            const Index sample = chunk / parts.count();
            const int part = static_cast<int>(chunk % parts.count());
            const int top = parts.begin(part), bottom = parts.begin(part + 1);
            T* const image = big_image + sample * big_size;
            T* const to = image + top * row_size;
            const int values = (bottom - top) * row_size;
            for (int i = 0; i < values; ++i) to[i] = bias ? bias[i % G::big_channels] : T{0};
            for_each_pair(image, rows + sample * size, top, bottom,
                          [](T& value, const T& row) { value += row; });
            for (int i = 0; i < values; ++i) to[i] = f(to[i]);
        });
    }

    /// Computes the weight of `Dense` from the weight.
    template <class T>
    static void unfold_weight(T* dense, const T* w) {
        detail::swap_first_dimensions(dense, w, G::taps, G::small_channels, G::big_channels, false);
    }
    /// Stores the gradient with respect to the weight, given that with respect to the weight of `Dense`, or
    /// adds it.
    template <class T>
    static void fold_weight(T* w, const T* dense, bool add) {
        detail::swap_first_dimensions(w, dense, G::small_channels, G::taps, G::big_channels, add);
    }

  private:
    /// Calls f(value of the image, the same value in a row) for each place of each row inside these rows of
    /// the image.
    template <class Image, class Rows, class F>
    static void for_each_pair(Image* big_image, Rows* rows, int top, int bottom, F f) {
        for (int ky = 0; ky < G::kernel_height; ++ky)
            for (int kx = 0; kx < G::kernel_width; ++kx) {
                const auto tall = G::rows(ky), wide = G::columns(kx);
                for (int y = tall.begin; y < tall.end; ++y) {
                    const int big_row = y * G::stride_height - G::padding_height + ky * G::dilation_height;
                    if (big_row < top || big_row >= bottom) continue;
                    for (int x = wide.begin; x < wide.end; ++x) {
                        Image* image = big_image + big_row * row_size +
                                       (x * G::stride_width - G::padding_width + kx * G::dilation_width) *
                                           G::big_channels;
                        Rows* row = rows + Index{y * G::small_width + x} * channels +
                                    (ky * G::kernel_width + kx) * G::big_channels;
                        for (int c = 0; c < G::big_channels; ++c) f(image[c], row[c]);
                    }
                }
            }
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
