#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/tile_transform.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Unused values between two planes, so that the cache lines of one tile belong to different sets of the
/// caches.
inline constexpr Index plane_gap = 16;

/// How many tiles cover an image, down and across, and how many samples a plane holds.
template <int Down, int Across, int Samples>
struct TileCounts {
    static constexpr int down = Down, across = Across, samples = Samples;
    static constexpr int of_sample = Down * Across;
    static constexpr int of_plane = of_sample * Samples;
};

/// The factors of the tiles of an image: one plane, a matrix [tile][channel], for each factor of the
/// transform. Tiles are `Step` pixels apart; the first begins at row and column `Origin`.
template <class T, class TransformOfTile, class Tiles, int Channels, int Height, int Width, int Step,
          int Origin>
struct TilePlanes {
    using Transform = TransformOfTile;
    static constexpr int lanes = Pack<T>::size;
    static constexpr int channels = Channels;
    static constexpr Index image_size = Index{Channels} * Height * Width;
    /// Values of a row of a plane, in whole packs.
    static constexpr int row = (Channels + lanes - 1) / lanes * lanes;
    /// From one plane to the next.
    static constexpr Index plane = Index{Tiles::of_plane} * row + plane_gap;
    static constexpr Index size = aligned(Transform::planes * plane);

    /// Computes one sample's rows of the planes from its image.
    static void to_planes(T* planes, const T* image) {
        for_each_tile([&](int top, int left, Index tile_row, int channel) {
            Transform::apply(
                [&](int y, int x) {
                    return inside(top + y, left + x) ? Pack<T>::load(at(image, top + y, left + x, channel),
                                                                     lanes_of<T, Channels>(channel))
                                                     : Pack<T>(T{0});
                },
                [&](int i, int j, Pack<T> pack) {
                    pack.store(planes + (i * Transform::count + j) * plane + tile_row + channel);
                });
        });
    }

    /// image = f(one sample's rows of the planes, transformed back, + bias). `bias` may be null.
    template <class F>
    static void from_planes(T* image, const T* planes, const T* bias, F f) {
        Array<T, Channels> start = {};
        if (bias) std::copy_n(bias, Channels, start);
        for (Index pixel = 0; pixel < Index{Height} * Width; ++pixel)
            for (int c = 0; c < Channels; ++c) image[pixel * Channels + c] = start[c];
        for_each_tile([&](int top, int left, Index tile_row, int channel) {
            Transform::apply_transposed(
                [&](int i, int j) {
                    return Pack<T>::load(planes + (i * Transform::count + j) * plane + tile_row + channel);
                },
                [&](int y, int x, Pack<T> pack) {
                    if (inside(top + y, left + x))
                        pack.add_to(at(image, top + y, left + x, channel), lanes_of<T, Channels>(channel));
                });
        });
        if constexpr (!std::is_same_v<F, Identity>) {
            CTGAN_INDEPENDENT_ITERATIONS
            for (Index i = 0; i < Index{Height} * Width * Channels; ++i) image[i] = f(image[i]);
        }
    }

  private:
    template <class F>
    static void for_each_tile(const F& f) {
        for (int down = 0; down < Tiles::down; ++down)
            for (int across = 0; across < Tiles::across; ++across)
                for (int channel = 0; channel < Channels; channel += lanes)
                    f(down * Step + Origin, across * Step + Origin,
                      Index{down * Tiles::across + across} * row, channel);
    }
    static bool inside(int y, int x) { return y >= 0 && y < Height && x >= 0 && x < Width; }
    template <class U>
    CTGAN_INLINE static U* at(U* image, int y, int x, int channel) {
        return image + (Index{y} * Width + x) * Channels + channel;
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
