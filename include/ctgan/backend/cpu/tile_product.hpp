#pragma once

#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// The matrix products of all layers, a tile of the result at a time. They depend on the number of rows and
/// packs of a tile alone, and are not inlined: layers of any size share them. The other reason is that g++
/// would keep a tile in memory because of another tile in the same function (conv2 to its input at batch 4:
/// 57 GFLOP/s on one core instead of 113).
namespace ctgan::inline CTGAN_ABI::cpu {

/// A tile of a result in memory: row r, column c is at[r * step + c].
template <class T>
struct TileOfResult {
    T* at;
    Index step;
    int columns; ///< how many columns of the tile belong to the result

    template <int Rows, int Packs>
    CTGAN_INLINE void add(const RegisterTile<T, Rows, Packs>& tile) const {
        if (columns == Packs * Pack<T>::size)
            tile.add_to(at, step);
        else
            tile.add_edge_to(at, step, columns);
    }
};

/// The two factors of a product; ProductSteps says how they are stored.
template <class T>
struct ProductFactors {
    const T *a, *b;
};

/// What happens to the values that the result holds: overwrite them, continue their sums, or add the finished
/// sums to them. The last two round differently.
enum class Into { overwrite, continue_sums, add };

/// result = the sum of `count` products of the same shape and depth.
template <int Rows, int Packs, class T>
CTGAN_SHARED void multiply_tile(const TileOfResult<T>& result, const ProductFactors<T>* factors, int count,
                                int depth, const ProductSteps& steps, Into into) {
    RegisterTile<T, Rows, Packs> tile;
    if (into == Into::continue_sums)
        tile.load(result.at, result.step);
    else
        tile.clear();
    for (int i = 0; i < count; ++i) tile.add_product(factors[i].a, factors[i].b, depth, steps);
    if (into == Into::add)
        result.add(tile);
    else
        tile.store(result.at, result.step);
}

/// Some k of a product's depth, in the order in which they are added.
struct DepthList {
    const int* list;
    int count;
};

/// The same with only some k of each product, an a_depth of 1, and a factor b in panels of two packs,
/// `panel_step` values apart.
template <int Rows, int Packs, class T>
CTGAN_SHARED void multiply_listed_tile(const TileOfResult<T>& result, const ProductFactors<T>* factors,
                                       int count, const DepthList& depth, const ProductSteps& steps,
                                       Index panel_step, Into into) {
    RegisterTile<T, Rows, Packs> tile;
    tile.clear();
    for (int i = 0; i < count; ++i)
        tile.add_listed_product(factors[i].a, steps.a_row, factors[i].b, steps.b_depth, panel_step,
                                depth.list, depth.count);
    if (into == Into::add)
        result.add(tile);
    else
        tile.store(result.at, result.step);
}

template <class T>
using MultiplyTile = decltype(multiply_tile<1, 1, T>);
template <class T>
using MultiplyListedTile = decltype(multiply_listed_tile<1, 1, T>);

} // namespace ctgan::inline CTGAN_ABI::cpu
