#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>

namespace ctgan::cpu {

/// The matrix of `Rows` by `Columns` that is the sum over a batch of outer products aᵀ b of rows at `a`, a
/// step of AStep apart, and `b`, BStep apart, tile by tile in registers: use(index in the matrix, pack) is
/// called once for all of its numbers, at the right edge as use(index, pack, lanes that belong to the
/// matrix). Nothing is stored here.
template <int Rows, int Columns, Index AStep, Index BStep, class T, class Use>
inline void outer_product(int batch, const T* a, const T* b, const Use& use) {
    constexpr int lanes = Pack<T>::size;
    constexpr int packs = Columns > lanes ? 2 : 1;
    constexpr int width = packs * lanes;
    constexpr Parts rows{Rows, most_tile_rows};
    const auto tile_at = [&]<int Height, int Width>(int row, int column) {
        RegisterTile<T, Height, packs> tile;
        tile.clear();
        if constexpr (Width == width)
            tile.template add_product<1, AStep, BStep>(batch, a + row, b + column);
        else
            tile.template add_edge_product<1, AStep, BStep>(batch, Width, a + row, b + column);
        tile.for_each([&](int r, int within, Pack<T> sum) {
            const Index at = Index{row + r} * Columns + column + within;
            if (within + lanes <= Width)
                use(at, sum);
            else if (within < Width)
                use(at, sum, Width - within);
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

} // namespace ctgan::cpu
