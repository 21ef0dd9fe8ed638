#pragma once

#include <ctgan/backend/cuda/matrix_product.hpp>
#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/shape.hpp>

namespace ctgan::cuda {

namespace detail {

/// rows[small pixel][tap][big channel], zero outside of the image.
template <class G, class T>
struct UnfoldImage {
    const T* big;
    T* rows;
    CTGAN_HD void operator()(Index i) const {
        const Split<G::big_channels> in_channels(i);
        const Split<G::taps> in_taps(in_channels.quotient);
        const Split<G::small_height * G::small_width> in_pixels(in_taps.quotient);
        const int y =
            in_pixels.remainder / G::small_width * G::stride - G::padding + in_taps.remainder / G::kernel;
        const int x =
            in_pixels.remainder % G::small_width * G::stride - G::padding + in_taps.remainder % G::kernel;
        const bool inside = y >= 0 && y < G::big_height && x >= 0 && x < G::big_width;
        rows[i] = inside
                      ? big[((in_pixels.quotient * G::big_height + y) * G::big_width + x) * G::big_channels +
                            in_channels.remainder]
                      : T{0};
    }
};

/// The transpose: big = f(the sum of all places in `rows` that hold a pixel's number, plus the bias (or
/// null)).
template <class G, class T, class F>
struct FoldImage {
    F f;
    const T *rows, *bias;
    T* big;
    CTGAN_HD void operator()(Index i) const {
        const Split<G::big_channels> in_channels(i);
        const Split<G::big_height * G::big_width> in_pixels(in_channels.quotient);
        const int y = in_pixels.remainder / G::big_width + G::padding;
        const int x = in_pixels.remainder % G::big_width + G::padding;
        T sum = bias ? bias[in_channels.remainder] : T{0};
        for (int ky = y % G::stride; ky < G::kernel; ky += G::stride)
            for (int kx = x % G::stride; kx < G::kernel; kx += G::stride) {
                const int row = (y - ky) / G::stride, column = (x - kx) / G::stride;
                if (y < ky || x < kx || row >= G::small_height || column >= G::small_width) continue;
                const Index pixel = (in_pixels.quotient * G::small_height + row) * G::small_width + column;
                sum +=
                    rows[(pixel * G::taps + ky * G::kernel + kx) * G::big_channels + in_channels.remainder];
            }
        big[i] = f(sum);
    }
};

/// Where a number of the unfolded weight [small channel][tap][big channel] lies in the weight itself.
template <class G>
CTGAN_HD Index place_in_weight(Index i) {
    const Split<G::big_channels> in_channels(i);
    const Split<G::taps> in_taps(in_channels.quotient);
    return (in_taps.remainder * G::small_channels + in_taps.quotient) * G::big_channels +
           in_channels.remainder;
}
template <class G, class T>
struct UnfoldWeight {
    const T* w;
    T* unfolded;
    CTGAN_HD void operator()(Index i) const { unfolded[i] = w[place_in_weight<G>(i)]; }
};
template <class G, class T>
struct FoldWeight {
    const T* unfolded;
    T* w;
    bool add;
    CTGAN_HD void operator()(Index i) const {
        T& to = w[place_in_weight<G>(i)];
        to = add ? to + unfolded[i] : unfolded[i];
    }
};
template <int Channels, class T, class F>
struct AddBias {
    F f;
    const T* bias;
    T* y;
    CTGAN_HD void operator()(Index i) const {
        y[i] = f(bias ? y[i] + bias[Split<Channels>(i).remainder] : y[i]);
    }
};

} // namespace detail

/// A convolution's three directions with the big image as a matrix, a row for each small pixel. The scratch
/// holds the weight as a matrix and the rows.
template <class G, class T>
struct ByUnfolding {
    static constexpr int depth = G::taps * G::big_channels;
    static constexpr int pixels = G::small_height * G::small_width;
    static constexpr Extent needs{Index{pixels} * depth, aligned(G::weights)};

    /// Whether that could be worth its copies: both images have the channels that a matrix unit asks for.
    /// cuBLAS is asked for float alone.
    static constexpr bool pays =
        has_cublas && std::is_same_v<T, float> && G::big_channels >= 32 && G::small_channels >= 32;

    template <class F>
    static void to_small(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch, F f) {
        T* const rows = scratch + aligned(G::weights);
        for_each_piece(G::weights, detail::UnfoldWeight<G, T>{w, scratch});
        for_each_piece(size(batch), detail::UnfoldImage<G, T>{big, rows});
        detail::multiply_by_cublas(detail::MatrixProduct<G::small_channels, false, true, T>{
            rows, scratch, small, batch * pixels, depth});
        for_each_piece(Index{batch} * pixels * G::small_channels,
                       detail::AddBias<G::small_channels, T, F>{f, bias, small});
    }

    template <class F>
    static void to_big(int batch, const T* small, const T* w, const T* bias, T* big, T* scratch, F f) {
        T* const rows = scratch + aligned(G::weights);
        for_each_piece(G::weights, detail::UnfoldWeight<G, T>{w, scratch});
        detail::multiply_by_cublas(detail::MatrixProduct<depth, false, false, T>{
            small, scratch, rows, batch * pixels, G::small_channels});
        for_each_piece(Index{batch} * G::big_height * G::big_width * G::big_channels,
                       detail::FoldImage<G, T, F>{f, rows, bias, big});
    }

    static void to_weight(int batch, const T* big, const T* small, T* dw, bool add, T* scratch) {
        T* const rows = scratch + aligned(G::weights);
        for_each_piece(size(batch), detail::UnfoldImage<G, T>{big, rows});
        detail::multiply_by_cublas(detail::MatrixProduct<depth, true, false, T>{
            small, rows, scratch, G::small_channels, batch * pixels});
        for_each_piece(G::weights, detail::FoldWeight<G, T>{scratch, dw, add});
    }

  private:
    static Index size(int batch) { return Index{batch} * pixels * depth; }
};

} // namespace ctgan::cuda
