#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// The gradient with respect to a convolution's weight, computed as matrix products (tiled_product.hpp).
namespace ctgan::inline CTGAN_ABI::gpu::detail {

/// One matrix product for each tap, with a row for each small channel and a column for each big channel of a
/// group. The
/// depth runs over the small pixels of all samples. dw (+)= sum.
template <class G, class T>
struct ToConvolutionWeight {
    using Scalar = T;
    static constexpr int columns = G::big_group;
    static constexpr int slices = G::taps;
    static constexpr bool left_along_depth = false, right_along_depth = false;
    static constexpr int pixels = G::small_height * G::small_width;

    const T *big_image, *small_image;
    T* dw;
    bool add;
    int all_pixels;

    int max_rows() const { return G::small_group; }
    int max_depth() const { return all_pixels; }

    struct Slice {
        const T *big_image, *small_image;
        T* dw; ///< the tap's matrix
        bool add;
        int rows_down, columns_right; ///< big row (column) = small row (column) * stride + this
        static constexpr int rows = G::small_group;
        int depth;

        using Row = int;
        using Column = int;
        CTGAN_HD Row row(int m) const { return m; }
        CTGAN_HD Column column(int n) const { return n; }
        struct At {
            const T* small_image;
            const T* big_image; ///< null outside the image
        };
        CTGAN_HD At at(int k) const {
            const int sample = k / pixels, pixel = k % pixels;
            const int y = pixel / G::small_width * G::stride_height + rows_down;
            const int x = pixel % G::small_width * G::stride_width + columns_right;
            const bool inside = y >= 0 && y < G::big_height && x >= 0 && x < G::big_width;
            return {small_image + Index{k} * G::small_channels,
                    inside ? big_image +
                                 ((Index{sample} * G::big_height + y) * G::big_width + x) * G::big_channels
                           : nullptr};
        }
        CTGAN_HD T left(Row m, const At& at) const { return at.small_image[m]; }
        CTGAN_HD T right(const At& at, Column n) const { return at.big_image ? at.big_image[n] : T{0}; }
        CTGAN_HD void store(int m, int n, T sum) const {
            T& to = dw[m * columns + n];
            to = add ? to + sum : sum;
        }
    };
    CTGAN_HD Slice slice(int tap) const {
        return {big_image,
                small_image,
                dw + Index{tap} * G::small_channels * G::big_group,
                add,
                tap / G::kernel_width * G::dilation_height - G::padding_height,
                tap % G::kernel_width * G::dilation_width - G::padding_width,
                all_pixels};
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu::detail
