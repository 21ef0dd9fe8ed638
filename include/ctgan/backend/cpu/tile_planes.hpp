#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/row_function.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/tile_product.hpp>
#include <ctgan/backend/cpu/tile_transform.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Unused values between two planes, so that the cache lines of one tile belong to different sets of the
/// caches.
inline constexpr Index plane_gap = 16;

/// The factors of the tiles of an image: one plane, a matrix [tile][channel], for each factor of the
/// transform. Tiles are `step` pixels apart; the first begins at row and column `origin`.
template <class T>
struct TilePlanes {
    TileFunctions<T> transform;
    int channels, height, width;
    int down, across; ///< how many tiles cover the image
    int samples;      ///< a plane holds the tiles of so many samples
    int step, origin;

    static constexpr int lanes = Pack<T>::size;
    constexpr Index image_size() const { return Index{channels} * height * width; }
    constexpr int tiles() const { return down * across; } ///< of a sample
    /// Values of a row of a plane, in whole packs.
    constexpr int row() const { return (channels + lanes - 1) / lanes * lanes; }
    /// From one plane to the next.
    constexpr Index plane() const { return Index{tiles()} * samples * row() + plane_gap; }
    constexpr Index size() const { return aligned(transform.planes() * plane()); }

    /// The channels of an image in parts, which are computed on their own.
    static constexpr int channels_per_part = 2 * lanes;
    constexpr int parts() const { return (channels + channels_per_part - 1) / channels_per_part; }

    /// Computes one sample's rows of the planes from its image, for a part of the channels.
    void to_planes(T* planes, const T* image, int part) const {
        for_each_tile(part, [&](const TileValues& values, Index in_plane, int channel) {
            transform.to(planes + in_plane, plane(), image, values, channels - channel);
        });
    }

    /// image = f(one sample's rows of the planes, transformed back, + bias), for a part of the channels.
    /// `bias` may be null.
    void from_planes(T* image, const T* planes, const T* bias, int part, const RowFunction<T>& f) const {
        const int first = part * channels_per_part, size = (std::min)(channels_per_part, channels - first);
        const Index pixels = Index{height} * width;
        Array<T, channels_per_part> start = {};
        if (bias) std::copy_n(bias + first, size, start);
        for (Index p = 0; p < pixels; ++p)
            if (T* const pixel = image + p * channels + first; size == channels_per_part)
                std::copy_n(start, channels_per_part, pixel); // a copy of known size is faster
            else
                std::copy_n(start, size, pixel);
        for_each_tile(part, [&](const TileValues& values, Index in_plane, int channel) {
            transform.from(image, values, planes + in_plane, plane(), true, channels - channel);
        });
        f(image + first, pixels, channels, size);
    }

  private:
    /// Calls f(tile in the image, position in a plane, first channel) for each tile and pack of channels of a
    /// part.
    template <class F>
    void for_each_tile(int part, const F& f) const {
        const int first = part * channels_per_part, last = (std::min)(channels, first + channels_per_part);
        const Index column = channels, image_row = column * width;
        for (int y = 0; y < down; ++y)
            for (int x = 0; x < across; ++x) {
                const int top = y * step + origin, left = x * step + origin;
                TileValues values{top * image_row + left * column + first,
                                  image_row,
                                  column,
                                  -top,
                                  height - top,
                                  -left,
                                  width - left};
                for (int channel = first; channel < last; channel += lanes, values.begin += lanes)
                    f(values, Index{y * across + x} * row() + channel, channel);
            }
    }
};

/// The products whose sum is a plane of a result, each with planes of its two factors.
template <class T>
struct PlaneFactors {
    static constexpr int max_products = 64; ///< in both dimensions
    int count = 0;
    Array<ProductFactors<T>, max_products> list;

    /// `products` is how many the form has in one dimension.
    PlaneFactors(int products, const TileFunctions<T>& result, int plane, const TileFunctions<T>& a,
                 const T* a_planes, Index a_plane, const TileFunctions<T>& b, const T* b_planes,
                 Index b_plane) {
        for (int p = 0; p < products; ++p)
            if (result.of[p] == plane / result.count)
                for (int q = 0; q < products; ++q)
                    if (result.of[q] == plane % result.count)
                        list[count++] = {a_planes + a.plane_of(p, q) * a_plane,
                                         b_planes + b.plane_of(p, q) * b_plane};
    }
    /// The same products further on in the planes.
    PlaneFactors at(Index in_a, Index in_b) const {
        PlaneFactors moved(count);
        for (int i = 0; i < count; ++i) moved.list[i] = {list[i].a + in_a, list[i].b + in_b};
        return moved;
    }

  private:
    explicit PlaneFactors(int n) : count(n) {}
};

} // namespace ctgan::inline CTGAN_ABI::cpu
