#pragma once

#include <ctgan/backend/cuda/convolution_products.hpp>
#include <ctgan/backend/cuda/matrix_product.hpp>
#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// Unfolds the big image: rows[small pixel][tap][big channel], zero outside the image.
template <class G, class T>
struct UnfoldImage {
    const T* big_image;
    T* rows;
    CTGAN_HD void operator()(Index i) const {
        const DivMod<G::big_channels> in_channels(i);
        const DivMod<G::taps> in_taps(in_channels.quotient);
        const DivMod<G::small_height * G::small_width> in_pixels(in_taps.quotient);
        const int y = in_pixels.remainder / G::small_width * G::stride_height - G::padding_height +
                      in_taps.remainder / G::kernel_width * G::dilation_height;
        const int x = in_pixels.remainder % G::small_width * G::stride_width - G::padding_width +
                      in_taps.remainder % G::kernel_width * G::dilation_width;
        const bool inside = y >= 0 && y < G::big_height && x >= 0 && x < G::big_width;
        rows[i] =
            inside
                ? big_image[((in_pixels.quotient * G::big_height + y) * G::big_width + x) * G::big_channels +
                            in_channels.remainder]
                : T{0};
    }
};

/// The transpose of UnfoldImage: big = f(sum + bias), with the sum of all values in `rows` that belong to the
/// same value of the image. `bias` may be null.
template <class G, class T, class F>
struct FoldImage {
    F f;
    const T *rows, *bias;
    T* big_image;
    CTGAN_HD void operator()(Index i) const {
        const DivMod<G::big_channels> in_channels(i);
        const DivMod<G::big_height * G::big_width> in_pixels(in_channels.quotient);
        const int y = in_pixels.remainder / G::big_width + G::padding_height;
        const int x = in_pixels.remainder % G::big_width + G::padding_width;
        using Tall = TapsOfClass<G::kernel_height, G::stride_height, 0, G::dilation_height>;
        using Wide = TapsOfClass<G::kernel_width, G::stride_width, 0, G::dilation_width>;
        T sum = bias ? bias[in_channels.remainder] : T{0};
        for (int ky = Tall::first(y); ky < G::kernel_height; ky += Tall::tap_step)
            for (int kx = Wide::first(x); kx < G::kernel_width; kx += Wide::tap_step) {
                const int down = y - ky * G::dilation_height, right = x - kx * G::dilation_width;
                const int row = down / G::stride_height, column = right / G::stride_width;
                if (down < 0 || right < 0 || row >= G::small_height || column >= G::small_width) continue;
                const Index pixel = (in_pixels.quotient * G::small_height + row) * G::small_width + column;
                sum += rows[(pixel * G::taps + ky * G::kernel_width + kx) * G::big_channels +
                            in_channels.remainder];
            }
        big_image[i] = f(sum);
    }
};

/// The index in the weight of value i of the unfolded weight [small channel][tap][big channel].
template <class G>
CTGAN_HD Index place_in_weight(Index i) {
    const DivMod<G::big_channels> in_channels(i);
    const DivMod<G::taps> in_taps(in_channels.quotient);
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
        y[i] = f(bias ? y[i] + bias[DivMod<Channels>(i).remainder] : y[i]);
    }
};

} // namespace detail

/// The three directions of a convolution, computed on the big image unfolded to a matrix (im2col) with a row
/// for each small pixel. The scratch memory holds the unfolded weight and this matrix.
template <class G, class T>
struct ByUnfolding {
    static constexpr int depth = G::taps * G::big_channels;
    static constexpr int pixels = G::small_height * G::small_width;
    static constexpr MemorySize scratch{Index{pixels} * depth, aligned(G::weights)};

    /// Whether unfolding can be worth its copies: if both images have enough channels for a matrix unit.
    /// cuBLAS is used for float only.
    static constexpr bool pays = has_cublas && std::is_same_v<T, float> && G::groups == 1 &&
                                 G::big_channels >= 32 && G::small_channels >= 32;

    template <class F>
    static void to_small(const ConvolutionOperands<T>& operands, F f) {
        const int batch = operands.batch;
        T* const weight = operands.scratch;
        T* const rows = operands.scratch + aligned(G::weights);
        parallel_for(G::weights, detail::UnfoldWeight<G, T>{operands.weight, weight});
        parallel_for(size(batch), detail::UnfoldImage<G, T>{operands.input, rows});
        detail::multiply_by_cublas(detail::MatrixProduct<G::small_channels, false, true, T>{
            rows, weight, operands.output, batch * pixels, depth});
        parallel_for(Index{batch} * pixels * G::small_channels,
                     detail::AddBias<G::small_channels, T, F>{f, operands.bias, operands.output});
    }

    template <class F>
    static void to_big(const ConvolutionOperands<T>& operands, F f) {
        const int batch = operands.batch;
        T* const weight = operands.scratch;
        T* const rows = operands.scratch + aligned(G::weights);
        parallel_for(G::weights, detail::UnfoldWeight<G, T>{operands.weight, weight});
        detail::multiply_by_cublas(detail::MatrixProduct<depth, false, false, T>{
            operands.input, weight, rows, batch * pixels, G::small_channels});
        parallel_for(Index{batch} * G::big_height * G::big_width * G::big_channels,
                     detail::FoldImage<G, T, F>{f, rows, operands.bias, operands.output});
    }

    static void to_weight(const ConvolutionGradientOperands<T>& operands) {
        const int batch = operands.batch;
        T* const gradient = operands.scratch;
        T* const rows = operands.scratch + aligned(G::weights);
        parallel_for(size(batch), detail::UnfoldImage<G, T>{operands.big_image, rows});
        detail::multiply_by_cublas(detail::MatrixProduct<depth, true, false, T>{
            operands.small_image, rows, gradient, G::small_channels, batch * pixels});
        parallel_for(G::weights, detail::FoldWeight<G, T>{gradient, operands.weight_gradient, operands.add});
    }

  private:
    static Index size(int batch) { return Index{batch} * pixels * depth; }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
