#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/core/batch_share.hpp>
#include <ctgan/core/config.hpp>

#include <span>

namespace ctgan::inline CTGAN_ABI::cpu {

/// PartialSums of a batch, with at most max_depth sums at a time that are not merged yet.
struct PartialSums {
    static constexpr int max_depth = 16;
    std::span<const PartialSum> list;
};

namespace detail {

/// tile = the sum over all samples: add(first, count) adds those of some samples to it.
template <class Tile, class Add>
CTGAN_INLINE void sum_samples(Tile& tile, int batch, const Add& add) {
    tile.clear();
    add(0, batch);
}
template <class T, int Rows, int Packs, class Add>
CTGAN_INLINE void sum_samples(RegisterTile<T, Rows, Packs>& tile, const PartialSums& parts, const Add& add) {
    constexpr int step = Packs * Pack<T>::size, size = Rows * step;
    alignas(64) Array<Array<T, size>, PartialSums::max_depth> sums;
    int count = 0;
    for (const PartialSum& part : parts.list) {
        tile.clear();
        add(part.first, part.last - part.first);
        tile.store(sums[count++], step);
        for (int k = 0; k < part.merges; ++k) {
            --count;
            for (int i = 0; i < size; ++i) sums[count - 1][i] += sums[count][i];
        }
    }
    tile.load(sums[0], step);
}

} // namespace detail

/// The sum over a batch of outer products aᵀ b, a matrix of `Rows` by `Columns`, tile by tile in registers.
/// The rows of `a` are AStep values apart, those of `b` BStep. Stores nothing itself: it calls use(index in
/// the matrix, pack, lanes) once for each pack. At the right edge only the first `lanes` values of a pack
/// belong to the matrix. `samples` is how many there are, or PartialSums that say how they are added up.
template <int Rows, int Columns, Index AStep, Index BStep, class T, class Samples, class Use>
inline void outer_product(const T* a, const T* b, const Samples& samples, const Use& use) {
    constexpr int lanes = Pack<T>::size;
    constexpr int packs = Columns > lanes ? 2 : 1;
    constexpr int width = packs * lanes;
    constexpr Parts rows{Rows, max_tile_rows};
    const auto tile_at = [&]<int Height, int Width>(int row, int column) {
        RegisterTile<T, Height, packs> tile;
        detail::sum_samples(tile, samples, [&](Index first, int count) {
            const ColumnAtFixedStep<T, 1> of_a(a + row + first * AStep);
            if constexpr (Width == width)
                tile.add_product(of_a, AStep, b + column + first * BStep, BStep, count);
            else
                tile.add_edge_product(of_a, AStep, b + column + first * BStep, BStep, count, Width);
        });
        tile.for_each([&](int r, int within, Pack<T> sum) {
            if (within < Width) use(Index{row + r} * Columns + column + within, sum, Width - within);
        });
    };
    const auto columns_of = [&]<int Height>(int row) {
        int column = 0;
        for (; column + width <= Columns; column += width)
            tile_at.template operator()<Height, width>(row, column);
        if constexpr (Columns % width != 0) tile_at.template operator()<Height, Columns % width>(row, column);
    };
    for (int part = 0; part < rows.count(); ++part)
        if (rows.size(part) == rows.largest())
            columns_of.template operator()<rows.largest()>(rows.begin(part));
        else
            columns_of.template operator()<rows.smallest()>(rows.begin(part));
}

} // namespace ctgan::inline CTGAN_ABI::cpu
