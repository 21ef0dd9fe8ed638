#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// The matrix products of all convolutions, a tile of the result at a time. They depend on the number of rows
/// and packs of a tile alone, and are not inlined: layers of any size share them. The other reason is that
/// g++ would keep a tile in memory because of another tile in the same function (conv2 to its input at batch
/// 4: 57 GFLOP/s on one core instead of 113).
namespace ctgan::inline CTGAN_ABI::cpu {

/// A column of tiles of a result in memory: row r, column c of the first one is at[r * step + c].
template <class T>
struct TilesOfResult {
    T* at;
    Index step;
    int tiles;  ///< how many tiles there are
    Index next; ///< from one tile to the next, in values
};

/// The two factors of a product of a tile.
template <class T>
struct ProductFactors {
    const T *a, *b;
};

/// Some k of a product's depth, in the order in which they are added.
struct DepthList {
    const int* list;
    int count;
};

/// For each tile of a result: tile += a b, where the sums of the product begin at zero. The rows of a are
/// `a_row` values apart, those of b `b_depth`; the a of the next tile is `next_a` values further. Only the
/// first `columns` columns of a tile belong to the result.
template <int Rows, int Packs, class T>
CTGAN_SHARED void add_product(TilesOfResult<T> result, int columns, ProductFactors<T> factors, Index next_a,
                              Index a_row, Index b_depth, int depth) {
    for (int t = 0; t < result.tiles; ++t, result.at += result.next, factors.a += next_a) {
        RegisterTile<T, Rows, Packs> tile;
        tile.clear();
        tile.add_product(ColumnAtStep<T, Rows>(factors.a, a_row), 1, factors.b, b_depth, depth);
        tile.add_to(result.at, result.step, columns);
    }
}

/// The same with only some k.
template <int Rows, int Packs, class T>
CTGAN_SHARED void add_listed_product(TilesOfResult<T> result, int columns, ProductFactors<T> factors,
                                     Index next_a, Index a_row, Index b_depth, DepthList depth) {
    for (int t = 0; t < result.tiles; ++t, result.at += result.next, factors.a += next_a) {
        RegisterTile<T, Rows, Packs> tile;
        tile.clear();
        tile.add_listed_product(ColumnAtStep<T, Rows>(factors.a, a_row), factors.b, b_depth,
                                2 * Pack<T>::size, depth.list, depth.count);
        tile.add_to(result.at, result.step, columns);
    }
}

/// For each tile of a result: tile = the sum of `count` products of the same shape and depth.
template <int Rows, int Packs, class T>
CTGAN_SHARED void sum_products(TilesOfResult<T> result, const ProductFactors<T>* factors, int count,
                               Index next_a, Index a_row, Index b_depth, int depth) {
    for (Index t = 0; t < result.tiles; ++t, result.at += result.next) {
        RegisterTile<T, Rows, Packs> tile;
        tile.clear();
        for (int i = 0; i < count; ++i)
            tile.add_product(ColumnAtStep<T, Rows>(factors[i].a + t * next_a, a_row), 1, factors[i].b,
                             b_depth, depth);
        tile.store(result.at, result.step);
    }
}

/// One tile = the sum of `count` products aᵀ b, or with `continue_sums` tile += that sum, where the sums
/// begin at the tile's values.
template <int Rows, int Packs, class T>
CTGAN_SHARED void sum_transposed_products(T* result, Index result_step, const ProductFactors<T>* factors,
                                          int count, Index a_depth, Index b_depth, int depth,
                                          bool continue_sums) {
    RegisterTile<T, Rows, Packs> tile;
    if (continue_sums)
        tile.load(result, result_step);
    else
        tile.clear();
    for (int i = 0; i < count; ++i)
        tile.add_product(ColumnAtFixedStep<T, 1>(factors[i].a), a_depth, factors[i].b, b_depth, depth);
    tile.store(result, result_step);
}

/// One tile = the sum of `count` products, each with only some k, and a b in panels of two packs,
/// `panel_step` values apart.
template <int Rows, int Packs, class T>
CTGAN_SHARED void sum_listed_products(T* result, Index result_step, const ProductFactors<T>* factors,
                                      int count, Index a_row, Index b_depth, Index panel_step,
                                      DepthList depth) {
    RegisterTile<T, Rows, Packs> tile;
    tile.clear();
    for (int i = 0; i < count; ++i)
        tile.add_listed_product(ColumnAtStep<T, Rows>(factors[i].a, a_row), factors[i].b, b_depth, panel_step,
                                depth.list, depth.count);
    tile.store(result, result_step);
}

// The types of these functions, written out: nvcc takes decltype of a function template for a reference.
template <class T>
using AddProduct = void(TilesOfResult<T>, int columns, ProductFactors<T>, Index next_a, Index a_row,
                        Index b_depth, int depth);
template <class T>
using AddListedProduct = void(TilesOfResult<T>, int columns, ProductFactors<T>, Index next_a, Index a_row,
                              Index b_depth, DepthList);
template <class T>
using SumProducts = void(TilesOfResult<T>, const ProductFactors<T>*, int count, Index next_a, Index a_row,
                         Index b_depth, int depth);
template <class T>
using SumTransposedProducts = void(T* result, Index result_step, const ProductFactors<T>*, int count,
                                   Index a_depth, Index b_depth, int depth, bool continue_sums);
template <class T>
using SumListedProducts = void(T* result, Index result_step, const ProductFactors<T>*, int count, Index a_row,
                               Index b_depth, Index panel_step, DepthList);

/// Kernels for so many rows at a time, largest first, that together compute any number of rows.
template <class T>
struct RowKernels {
    static constexpr int count = 5;
    Array<int, count> rows = {}; ///< 0 if there are no more
    Array<SumProducts<T>*, count> kernels = {};
};

/// The kernels of TileAlgorithm for tiles of that many packs.
template <class T>
struct TileKernels {
    RowKernels<T> images; ///< for the rows of a plane of an image
    /// For a part of the rows of a plane of the weight.
    SumTransposedProducts<T>* weight_largest;
    SumTransposedProducts<T>* weight_smallest;
};

/// TileAlgorithm's kernels for the channels that dropout kept: for one, two and four packs, by one row and by
/// four.
template <class T>
struct ListedTileKernels {
    Array<Array<SumListedProducts<T>*, 2>, 3> of;
};

} // namespace ctgan::inline CTGAN_ABI::cpu
