#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// The two directions of a convolution, computed as matrix products (tiled_product.hpp). Their matrices are
/// read directly from the images, without an unfolded copy. They are those of one group of channels.
namespace ctgan::inline CTGAN_ABI::gpu::detail {

/// From the big image to the small one: a matrix product with a row for each small pixel and a column for
/// each small channel. The depth runs over [tap][big channel]. small = f(sum + bias); `bias` holds a value
/// for each small channel or is null.
template <class G, class T, class F>
struct BigToSmall {
    using Scalar = T;
    static constexpr int columns = G::small_group;
    static constexpr int slices = 1;
    static constexpr bool left_along_depth = true, right_along_depth = true;
    static constexpr int pixels = G::small_height * G::small_width;

    const T *big_image, *w, *bias;
    T* small_image;
    F f;
    int rows; ///< of all samples
    static constexpr int depth = G::taps * G::big_group;

    int max_rows() const { return rows; }
    int max_depth() const { return depth; }
    CTGAN_HD const BigToSmall& slice(int) const { return *this; }

    struct Row {
        const T* image;
        int y, x; ///< the big pixel under tap (0, 0), which may be outside the image
    };
    CTGAN_HD Row row(int m) const {
        const int sample = m / pixels, pixel = m % pixels;
        return {big_image + Index{sample} * (G::big_height * G::big_width * G::big_channels),
                pixel / G::small_width * G::stride_height - G::padding_height,
                pixel % G::small_width * G::stride_width - G::padding_width};
    }
    using Column = int;
    CTGAN_HD Column column(int n) const { return n; }
    struct At {
        int tap, channel;
    };
    CTGAN_HD At at(int k) const { return {k / G::big_group, k % G::big_group}; }

    CTGAN_HD T left(const Row& row, const At& at) const {
        const int y = row.y + at.tap / G::kernel_width * G::dilation_height;
        const int x = row.x + at.tap % G::kernel_width * G::dilation_width;
        const bool inside = y >= 0 && y < G::big_height && x >= 0 && x < G::big_width;
        return inside ? row.image[(y * G::big_width + x) * G::big_channels + at.channel] : T{0};
    }
    CTGAN_HD T right(const At& at, Column n) const {
        return w[(at.tap * G::small_channels + n) * G::big_group + at.channel];
    }
    CTGAN_HD void store(int m, int n, T sum) const {
        small_image[Index{m} * G::small_channels + n] = f(bias ? sum + bias[n] : sum);
    }
};

/// The taps that reach the big rows (or columns) of one class, those that agree modulo the stride. They are
/// `tap_step` apart, and their partners in the small image `small_step`.
template <int Kernel, int Stride, int Padding, int Dilation>
struct TapsOfClass {
    static constexpr int common = [] {
        int a = Stride, b = Dilation;
        while (b > 0) {
            const int rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }();
    static constexpr int tap_step = Stride / common, small_step = Dilation / common;
    static constexpr int max_taps = (Kernel + tap_step - 1) / tap_step;
    /// The first tap that reaches the class; a number from Kernel on if none does.
    CTGAN_HD static constexpr int first(int rest) {
        if (Dilation == 1) return (rest + Padding) % Stride;
        int tap = 0;
        while (tap < Kernel && (rest + Padding + Stride * Dilation * Kernel - tap * Dilation) % Stride != 0)
            ++tap;
        return tap;
    }
};

/// From the small image to the big one. Two big pixels use the same taps if their rows agree modulo the
/// stride and their columns do, too. Each such class of pixels is a matrix product of its own, so taps miss
/// the small image only at the edges. The product has a row for each big pixel of the class and a column for
/// each big channel. The depth runs over [tap of the class][small channel]. big = f(sum + bias); `bias` holds
/// a value for each big channel or is null.
template <class G, class T, class F>
struct SmallToBig {
    using Scalar = T;
    static constexpr int columns = G::big_group;
    static constexpr int slices = G::stride_height * G::stride_width;
    static constexpr bool left_along_depth = true, right_along_depth = false;

    const T *small_image, *w, *bias;
    T* big_image;
    F f;
    int batch;

    using Tall = TapsOfClass<G::kernel_height, G::stride_height, G::padding_height, G::dilation_height>;
    using Wide = TapsOfClass<G::kernel_width, G::stride_width, G::padding_width, G::dilation_width>;

    /// One dimension of a class: the big rows (or columns) rest, rest + stride, ... and the taps first_tap,
    /// first_tap + tap_step, ... . Under tap number t, the partner of big row number i is small row i + shift
    /// - t small_step.
    struct Class {
        int rest, places, first_tap, taps, shift;
    };
    template <class Taps>
    CTGAN_HD static constexpr Class class_of(int rest, int extent, int kernel, int stride, int padding,
                                             int dilation) {
        const int first_tap = Taps::first(rest);
        return {rest, rest < extent ? (extent - rest + stride - 1) / stride : 0, first_tap,
                first_tap < kernel ? (kernel - first_tap + Taps::tap_step - 1) / Taps::tap_step : 0,
                (rest + padding - first_tap * dilation) / stride};
    }
    CTGAN_HD static constexpr Class tall_class(int rest) {
        return class_of<Tall>(rest, G::big_height, G::kernel_height, G::stride_height, G::padding_height,
                              G::dilation_height);
    }
    CTGAN_HD static constexpr Class wide_class(int rest) {
        return class_of<Wide>(rest, G::big_width, G::kernel_width, G::stride_width, G::padding_width,
                              G::dilation_width);
    }

    int max_rows() const { return batch * tall_class(0).places * wide_class(0).places; }
    int max_depth() const { return Tall::max_taps * Wide::max_taps * G::small_group; }

    struct Slice {
        const T *small_image, *w, *bias;
        T* big_image;
        F f;
        Class tall, wide;
        int rows, depth;

        struct Row {
            const T* image;
            int y, x; ///< the small pixel under the class's first tap, which may be outside the image
        };
        CTGAN_HD Row row(int m) const {
            const int column = m % wide.places, above = m / wide.places;
            const int sample = above / tall.places, line = above % tall.places;
            return {small_image + Index{sample} * (G::small_height * G::small_width * G::small_channels),
                    line + tall.shift, column + wide.shift};
        }
        using Column = int;
        CTGAN_HD Column column(int n) const { return n; }
        struct At {
            int tap_down, tap_right, channel; ///< taps are numbered within the class
        };
        CTGAN_HD At at(int k) const {
            const int tap = k / G::small_group;
            return {tap / wide.taps, tap % wide.taps, k % G::small_group};
        }

        CTGAN_HD T left(const Row& row, const At& at) const {
            const int y = row.y - at.tap_down * Tall::small_step;
            const int x = row.x - at.tap_right * Wide::small_step;
            const bool inside = y >= 0 && y < G::small_height && x >= 0 && x < G::small_width;
            return inside ? row.image[(y * G::small_width + x) * G::small_channels + at.channel] : T{0};
        }
        CTGAN_HD T right(const At& at, Column n) const {
            const int tap = (tall.first_tap + at.tap_down * Tall::tap_step) * G::kernel_width +
                            wide.first_tap + at.tap_right * Wide::tap_step;
            return w[(tap * G::small_channels + at.channel) * G::big_group + n];
        }
        CTGAN_HD void store(int m, int n, T sum) const {
            const int column = m % wide.places, above = m / wide.places;
            const int sample = above / tall.places, line = above % tall.places;
            const int y = tall.rest + line * G::stride_height, x = wide.rest + column * G::stride_width;
            big_image[((Index{sample} * G::big_height + y) * G::big_width + x) * G::big_channels + n] =
                f(bias ? sum + bias[n] : sum);
        }
    };
    CTGAN_HD Slice slice(int z) const {
        const Class tall = tall_class(z / G::stride_width), wide = wide_class(z % G::stride_width);
        return {small_image,
                w,
                bias,
                big_image,
                f,
                tall,
                wide,
                batch * tall.places * wide.places,
                tall.taps * wide.taps * G::small_group};
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu::detail
