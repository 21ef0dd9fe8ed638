#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>

#include <algorithm>

namespace ctgan::cpu {

/// The matrix of `Rows` by `Columns` that is the sum over a batch of outer products aᵀ b, tile by tile in
/// registers: use(index in the matrix, pack) is called once for all of its numbers, at the right edge as
/// use(index, pack, lanes that belong to the matrix). Nothing is stored here.
template <int Rows, int Columns, class T, class Use>
void outer_product(int batch, const T* a, const T* b, const Use& use) {
    if constexpr (Columns < Pack<T>::size && Rows >= Pack<T>::size && Columns == 1) {
        // [in][1] and [1][in] are the same numbers.
        outer_product<Columns, Rows>(batch, b, a, use);
    } else {
        constexpr int lanes = Pack<T>::size;
        constexpr int packs = Columns > lanes ? 2 : 1;
        constexpr int width = packs * lanes;
        constexpr int columns_of_a_piece = Rows > 16 ? width : 16 * width;
        constexpr Parts rows{Rows, most_tile_rows};
        for_each_piece((Columns + columns_of_a_piece - 1) / columns_of_a_piece, [=](Index piece) {
            const int end = static_cast<int>(std::min<Index>(Columns, (piece + 1) * columns_of_a_piece));
            for (int part = 0; part < rows.count(); ++part) {
                const int row = rows.begin(part);
                const auto tile_of = [&]<int Height>(int column) {
                    RegisterTile<T, Height, packs> tile;
                    tile.clear();
                    if (column + width <= end)
                        tile.template add_product<1, Rows, Columns>(batch, a + row, b + column);
                    else
                        tile.template add_edge_product<1, Rows, Columns>(batch, end - column, a + row, b + column);
                    tile.for_each([&](int r, int within, Pack<T> sum) {
                        const Index at = Index{row + r} * Columns + column + within;
                        const int rest = end - column - within;
                        if (rest >= lanes)
                            use(at, sum);
                        else if (rest > 0)
                            use(at, sum, rest);
                    });
                };
                for (int column = static_cast<int>(piece) * columns_of_a_piece; column < end; column += width)
                    if (rows.size(part) == rows.largest())
                        tile_of.template operator()<rows.largest()>(column);
                    else
                        tile_of.template operator()<rows.smallest()>(column);
            }
        });
    }
}

} // namespace ctgan::cpu
