#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The pairs of pixels of a tap: how many, and where the first one is in two images.
template <class T>
struct TapPairs {
    int rows, columns;
    const T *vector, *broadcast;     ///< the images' first pixels
    Index vector_row, vector_column; ///< from one pair to the next, in values
    Index broadcast_row, broadcast_column;
};

/// The broadcast channel of each row of a tile.
struct ConsecutiveChannels {
    int first;
    int operator[](int row) const { return first + row; }
};
struct ListedChannels {
    const int* list;
    int operator[](int row) const { return list[row]; }
};

/// sums[broadcast channel][vector channel] += (or =, with `store`) the sum over pairs of pixels of the
/// products of their channels: `Rows` broadcast channels and `Packs` packs of vector channels, the last pack
/// with `LastLanes` channels. All geometries share it, as they do multiply_tile().
template <int Packs, int LastLanes, int Rows, class T, class Channels>
CTGAN_SHARED void multiply_pairs(T* sums, Index sums_step, const TapPairs<T>& pairs, Channels channels,
                                 bool store) {
    constexpr int lanes = Pack<T>::size;
    RegisterTile<T, Rows, Packs> tile;
    tile.clear();
    for (int row = 0; row < pairs.rows; ++row) {
        const T* from = pairs.vector + row * pairs.vector_row;
        const T* single = pairs.broadcast + row * pairs.broadcast_row;
        for (int column = 0; column < pairs.columns;
             ++column, from += pairs.vector_column, single += pairs.broadcast_column) {
            Array<Pack<T>, Packs> pack;
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q)
                pack[q] = Pack<T>::load(from + q * lanes, q < Packs - 1 ? lanes : LastLanes);
            CTGAN_UNROLL
            for (int r = 0; r < Rows; ++r) {
                const Pack<T> value(single[channels[r]]);
                CTGAN_UNROLL
                for (int q = 0; q < Packs; ++q) tile.sum[r][q] = multiply_add(value, pack[q], tile.sum[r][q]);
            }
        }
    }
    tile.for_each([&](int r, int column, Pack<T> sum) {
        sum.store_or_add(sums + channels[r] * sums_step + column, !store);
    });
}

template <class T, class Channels>
using MultiplyPairs = void(T* sums, Index sums_step, const TapPairs<T>& pairs, Channels channels, bool store);

} // namespace ctgan::inline CTGAN_ABI::cpu
