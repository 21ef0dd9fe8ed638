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

/// Which broadcast channel each row of a tile belongs to, counted from the channel at TapPairs::broadcast.
struct ConsecutiveChannels {
    constexpr Index operator[](int row) const { return row; }
};
struct ListedChannels {
    const int* list;
    Index operator[](int row) const { return list[row]; }
};

/// sums[broadcast channel][vector channel] += (or =, with `store`) the sum over pairs of pixels of the
/// products of their channels: `Rows` broadcast channels and `Packs` packs of vector channels, the last pack
/// with `LastLanes` channels. All geometries share it, as they do add_product().
template <int Packs, int LastLanes, int Rows, class T, class Channels>
CTGAN_SHARED void multiply_pairs(T* sums, Index sums_step, const TapPairs<T>& pairs, Channels channels,
                                 bool store) {
    constexpr int lanes = Pack<T>::size;
    RegisterTile<T, Rows, Packs> tile;
    tile.clear();
    const T *from = pairs.vector, *single = pairs.broadcast;
    // From the last pair of a row to the first one of the next.
    const Index next_vector = pairs.vector_row - (pairs.columns - 1) * pairs.vector_column;
    const Index next_broadcast = pairs.broadcast_row - (pairs.columns - 1) * pairs.broadcast_column;
    // A single loop: each row's begin would load all channels into registers again.
    for (int left = pairs.rows * pairs.columns, column = pairs.columns; left > 0; --left) {
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
        const bool row_ends = --column == 0;
        from += row_ends ? next_vector : pairs.vector_column;
        single += row_ends ? next_broadcast : pairs.broadcast_column;
        column = row_ends ? pairs.columns : column;
    }
    tile.for_each([&](int r, int column, Pack<T> sum) {
        sum.store_or_add(sums + channels[r] * sums_step + column, !store);
    });
}

template <class T, class Channels>
using MultiplyPairs = void(T* sums, Index sums_step, const TapPairs<T>& pairs, Channels channels, bool store);

} // namespace ctgan::inline CTGAN_ABI::cpu
