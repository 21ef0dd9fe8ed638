#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// The two directions of a convolution, computed as matrix products (tiled_product.hpp). Their matrices are
/// read directly from the images, without an unfolded copy.
namespace ctgan::inline CTGAN_ABI::gpu::detail {

/// From the big image to the small one: a matrix product with a row for each small pixel and a column for
/// each small channel. The depth runs over [tap][big channel]. small = f(sum + bias); `bias` holds a value
/// for each small channel or is null.
template <class G, class T, class F>
struct BigToSmall {
    using Scalar = T;
    static constexpr int columns = G::small_channels;
    static constexpr int slices = 1;
    static constexpr bool left_along_depth = true, right_along_depth = true;
    static constexpr int pixels = G::small_height * G::small_width;

    const T *big_image, *w, *bias;
    T* small_image;
    F f;
    int rows; ///< of all samples
    static constexpr int depth = G::taps * G::big_channels;

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
                pixel / G::small_width * G::stride - G::padding,
                pixel % G::small_width * G::stride - G::padding};
    }
    using Column = int;
    CTGAN_HD Column column(int n) const { return n; }
    struct At {
        int tap, channel;
    };
    CTGAN_HD At at(int k) const { return {k / G::big_channels, k % G::big_channels}; }

    CTGAN_HD T left(const Row& row, const At& at) const {
        const int y = row.y + at.tap / G::kernel, x = row.x + at.tap % G::kernel;
        const bool inside = y >= 0 && y < G::big_height && x >= 0 && x < G::big_width;
        return inside ? row.image[(y * G::big_width + x) * G::big_channels + at.channel] : T{0};
    }
    CTGAN_HD T right(const At& at, Column n) const {
        return w[(at.tap * G::small_channels + n) * G::big_channels + at.channel];
    }
    CTGAN_HD void store(int m, int n, T sum) const {
        small_image[Index{m} * columns + n] = f(bias ? sum + bias[n] : sum);
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
    static constexpr int columns = G::big_channels;
    static constexpr int slices = G::stride * G::stride;
    static constexpr bool left_along_depth = true, right_along_depth = false;

    const T *small_image, *w, *bias;
    T* big_image;
    F f;
    int batch;

    /// One dimension of a class: the big rows (or columns) rest, rest + stride, ... and the taps first_tap,
    /// first_tap + stride, ... . Under tap number t, the partner of big row number i is small row i + shift -
    /// t.
    struct Class {
        int rest, places, first_tap, taps, shift;
    };
    CTGAN_HD static constexpr Class class_of(int rest, int extent) {
        const int first_tap = (rest + G::padding) % G::stride;
        return {rest, rest < extent ? (extent - rest + G::stride - 1) / G::stride : 0, first_tap,
                first_tap < G::kernel ? (G::kernel - first_tap + G::stride - 1) / G::stride : 0,
                (rest + G::padding - first_tap) / G::stride};
    }

    int max_rows() const {
        return batch * class_of(0, G::big_height).places * class_of(0, G::big_width).places;
    }
    int max_depth() const {
        constexpr int max_taps = (G::kernel + G::stride - 1) / G::stride;
        return max_taps * max_taps * G::small_channels;
    }

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
            const int tap = k / G::small_channels;
            return {tap / wide.taps, tap % wide.taps, k % G::small_channels};
        }

        CTGAN_HD T left(const Row& row, const At& at) const {
            const int y = row.y - at.tap_down, x = row.x - at.tap_right;
            const bool inside = y >= 0 && y < G::small_height && x >= 0 && x < G::small_width;
            return inside ? row.image[(y * G::small_width + x) * G::small_channels + at.channel] : T{0};
        }
        CTGAN_HD T right(const At& at, Column n) const {
            const int tap = (tall.first_tap + at.tap_down * G::stride) * G::kernel + wide.first_tap +
                            at.tap_right * G::stride;
            return w[(tap * G::small_channels + at.channel) * G::big_channels + n];
        }
        CTGAN_HD void store(int m, int n, T sum) const {
            const int column = m % wide.places, above = m / wide.places;
            const int sample = above / tall.places, line = above % tall.places;
            const int y = tall.rest + line * G::stride, x = wide.rest + column * G::stride;
            big_image[((Index{sample} * G::big_height + y) * G::big_width + x) * G::big_channels + n] =
                f(bias ? sum + bias[n] : sum);
        }
    };
    CTGAN_HD Slice slice(int z) const {
        const Class tall = class_of(z / G::stride, G::big_height);
        const Class wide = class_of(z % G::stride, G::big_width);
        return {small_image,
                w,
                bias,
                big_image,
                f,
                tall,
                wide,
                batch * tall.places * wide.places,
                tall.taps * wide.taps * G::small_channels};
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu::detail
