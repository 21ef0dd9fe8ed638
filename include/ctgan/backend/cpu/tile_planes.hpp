#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/tile_transform.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// Numbers between planes: a tile's lines then fall into different sets of the caches.
inline constexpr Index plane_gap = 16;

/// How many tiles cut an image, down and across, and how many samples' tiles lie in a plane.
template <int Down, int Across, int Samples>
struct TileCounts {
    static constexpr int down = Down, across = Across, samples = Samples;
    static constexpr int of_sample = Down * Across;
    static constexpr int of_plane = of_sample * Samples;
};

/// The factors of an image's tiles: for each factor of the transform a plane, a matrix [tile][channel].
/// `Step` is from one tile of the image to the next, `Origin` the first one's row and column.
template <class T, class Transform, class Tiles, int Channels, int Height, int Width, int Step, int Origin>
struct TilePlanes {
    static constexpr int lanes = Pack<T>::size;
    static constexpr int channels = Channels;
    static constexpr int row = (Channels + lanes - 1) / lanes * lanes; ///< a plane's row, filled up
    /// From one plane to the next: the gap puts their lines into different sets of the caches.
    static constexpr Index plane = Index{Tiles::of_plane} * row + plane_gap;
    static constexpr Index size = aligned(Transform::planes * plane);

    /// The planes' rows of one sample.
    static void spread(const T* image, T* planes) {
        for_each_tile([&](int top, int left, Index tile_row, int channel) {
            Transform::spread(
                [&](int y, int x) {
                    return inside(top + y, left + x) ? load(image, top + y, left + x, channel)
                                                     : Pack<T>(T{0});
                },
                [&](int i, int j, Pack<T> pack) {
                    pack.store(planes + (i * Transform::count + j) * plane + tile_row + channel);
                });
        });
    }

    /// The image of one sample plus a bias (or null), through f.
    template <class F>
    static void gather(const T* planes, const T* bias, T* image, F f) {
        T start[Channels] = {};
        if (bias) std::copy_n(bias, Channels, start);
        for (Index pixel = 0; pixel < Index{Height} * Width; ++pixel)
            for (int c = 0; c < Channels; ++c) image[pixel * Channels + c] = start[c];
        for_each_tile([&](int top, int left, Index tile_row, int channel) {
            Transform::gather(
                [&](int i, int j) {
                    return Pack<T>::load(planes + (i * Transform::count + j) * plane + tile_row + channel);
                },
                [&](int y, int x, Pack<T> pack) {
                    if (inside(top + y, left + x)) add(image, top + y, left + x, channel, pack);
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
    static constexpr int rest = Channels % lanes;
    CTGAN_INLINE static Pack<T> load(const T* image, int y, int x, int channel) {
        const T* at = image + (Index{y} * Width + x) * Channels + channel;
        if (rest > 0 && channel + lanes > Channels) return Pack<T>::load_first(at, rest);
        return Pack<T>::load(at);
    }
    CTGAN_INLINE static void add(T* image, int y, int x, int channel, Pack<T> pack) {
        T* at = image + (Index{y} * Width + x) * Channels + channel;
        if (rest > 0 && channel + lanes > Channels)
            (Pack<T>::load_first(at, rest) + pack).store_first(at, rest);
        else
            (Pack<T>::load(at) + pack).store(at);
    }
};

} // namespace ctgan::cpu
