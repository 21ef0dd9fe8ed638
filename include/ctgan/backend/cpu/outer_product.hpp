#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The sum over a batch of outer products aᵀ b, a matrix of `Rows` by `Columns`, tile by tile in registers.
/// The rows of `a` are AStep values apart, those of `b` BStep. Stores nothing itself: it calls use(index in
/// the matrix, pack, lanes) once for each pack. At the right edge only the first `lanes` values of a pack
/// belong to the matrix.
template <int Rows, int Columns, Index AStep, Index BStep, class T, class Use>
inline void outer_product(const T* a, const T* b, int batch, const Use& use) {
    constexpr int lanes = Pack<T>::size;
    constexpr int packs = Columns > lanes ? 2 : 1;
    constexpr int width = packs * lanes;
    constexpr Parts rows{Rows, max_tile_rows};
    const auto tile_at = [&]<int Height, int Width>(int row, int column) {
        RegisterTile<T, Height, packs> tile;
        tile.clear();
        if constexpr (Width == width)
            tile.add_product(ColumnAtFixedStep<T, 1>(a + row), AStep, b + column, BStep, batch);
        else
            tile.add_edge_product(ColumnAtFixedStep<T, 1>(a + row), AStep, b + column, BStep, batch, Width);
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
