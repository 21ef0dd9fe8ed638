#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The pairs of pixels of a tap: how many, and where the first one is in two images, in values.
struct TapPairs {
    int rows, columns;
    Index vector, broadcast;
};

/// The pairs of all taps, and from one pair to the next in the two images.
struct PairsOfTaps {
    const TapPairs* taps;
    int count;
    Index vector_row, vector_column, broadcast_row, broadcast_column;

    /// Those of the taps from `first` to `last`, one past the end.
    constexpr PairsOfTaps range(int first, int last) const {
        PairsOfTaps some = *this;
        some.taps += first;
        some.count = last - first;
        return some;
    }
};

/// Which broadcast channel each row of a tile belongs to, counted from the first one.
struct ConsecutiveChannels {
    constexpr Index operator[](int row) const { return row; }
};
struct ListedChannels {
    const int* list;
    Index operator[](int row) const { return list[row]; }
};

/// sums[tap][broadcast channel][vector channel] += (or =, with `store`) the sum over the tap's pairs of
/// pixels of the products of their channels: `Rows` broadcast channels and `Packs` packs of vector channels,
/// the last pack with `LastLanes` channels. All geometries share it, as they do add_product().
template <int Rows, int Packs, int LastLanes, class T, class Channels>
CTGAN_SHARED void multiply_pairs(T* sums, Index sums_step, Index tap_step, const PairsOfTaps& pairs,
                                 const T* vector, const T* broadcast, Channels channels, bool store) {
    constexpr int lanes = Pack<T>::size;
    // Each row's channel in both. The loops below change only offsets.
    Array<const T*, Rows> single;
    Array<T*, Rows> to;
    CTGAN_UNROLL
    for (int r = 0; r < Rows; ++r) {
        single[r] = broadcast + channels[r];
        to[r] = sums + channels[r] * sums_step;
    }
    for (Index tap = 0; tap < pairs.count; ++tap) {
        const TapPairs& here = pairs.taps[tap];
        RegisterTile<T, Rows, Packs> tile;
        tile.clear();
        const T* first_of_row = vector + here.vector;
        Index begin = here.broadcast, end = begin + here.columns * pairs.broadcast_column;
        for (int row = 0; row < here.rows; ++row) {
            const T* from = first_of_row;
            for (Index at = begin; at != end; at += pairs.broadcast_column, from += pairs.vector_column) {
                Array<Pack<T>, Packs> pack;
                CTGAN_UNROLL
                for (int q = 0; q < Packs; ++q)
                    pack[q] = Pack<T>::load(from + q * lanes, q < Packs - 1 ? lanes : LastLanes);
                CTGAN_UNROLL
                for (int r = 0; r < Rows; ++r) {
                    const Pack<T> value(single[r][at]);
                    CTGAN_UNROLL
                    for (int q = 0; q < Packs; ++q)
                        tile.sum[r][q] = multiply_add(value, pack[q], tile.sum[r][q]);
                }
            }
            first_of_row += pairs.vector_row;
            begin += pairs.broadcast_row;
            end += pairs.broadcast_row;
        }
        const Index offset = tap * tap_step;
        if (store)
            tile.for_each([&](int r, int column, Pack<T> sum) { sum.store(to[r] + offset + column); });
        else
            tile.for_each([&](int r, int column, Pack<T> sum) { sum.add_to(to[r] + offset + column); });
    }
}

template <class T, class Channels>
using MultiplyPairs = void(T* sums, Index sums_step, Index tap_step, const PairsOfTaps& pairs,
                           const T* vector, const T* broadcast, Channels channels, bool store);

} // namespace ctgan::inline CTGAN_ABI::cpu
