#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/tile_form.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The distinct rows of one matrix of a TileForm (its Weight, Big or Small), applied to both dimensions of a
/// tile: `apply` computes the factors of products from the values of a tile, `apply_transposed` the values of
/// a tile from sums of products. Both work on Pack<T>::size channels at once.
template <class T, class Factor>
struct TileTransform {
    static constexpr int extent = Factor::extent;
    static constexpr auto distinct = distinct_rows(Factor::rows);
    static constexpr int count = distinct.count; ///< factors in one dimension
    static constexpr int planes = count * count; ///< in both

    /// Calls store(i, j, pack) for each factor (i, j), given load(y, x) for each value of the tile.
    template <class Load, class Store>
    CTGAN_INLINE static void apply(const Load& load, const Store& store) {
        Array<Array<Pack<T>, extent>, count> half;
        for (int x = 0; x < extent; ++x) {
            Array<Pack<T>, extent> column;
            CTGAN_UNROLL
            for (int y = 0; y < extent; ++y) column[y] = load(y, x);
            CTGAN_UNROLL
            for (int i = 0; i < count; ++i) half[i][x] = row_times(i, column);
        }
        for (int i = 0; i < count; ++i) {
            CTGAN_UNROLL
            for (int j = 0; j < count; ++j) store(i, j, row_times(j, half[i]));
        }
    }

    /// Calls store(y, x, pack) for each value of the tile, given load(i, j) for each sum of products.
    template <class Load, class Store>
    CTGAN_INLINE static void apply_transposed(const Load& load, const Store& store) {
        Array<Array<Pack<T>, count>, extent> half;
        for (int j = 0; j < count; ++j) {
            Array<Pack<T>, count> column;
            CTGAN_UNROLL
            for (int i = 0; i < count; ++i) column[i] = load(i, j);
            CTGAN_UNROLL
            for (int y = 0; y < extent; ++y) half[y][j] = column_times(y, column);
        }
        for (int y = 0; y < extent; ++y) {
            CTGAN_UNROLL
            for (int x = 0; x < extent; ++x) store(y, x, column_times(x, half[y]));
        }
    }

  private:
    CTGAN_INLINE static Pack<T> row_times(int row, const Array<Pack<T>, extent>& in) {
        Pack<T> sum(T{0});
        bool empty = true;
        CTGAN_UNROLL
        for (int k = 0; k < extent; ++k) add(Factor::rows.at[distinct.first[row]][k], in[k], sum, empty);
        return sum;
    }
    CTGAN_INLINE static Pack<T> column_times(int column, const Array<Pack<T>, count>& in) {
        Pack<T> sum(T{0});
        bool empty = true;
        CTGAN_UNROLL
        for (int k = 0; k < count; ++k) add(Factor::rows.at[distinct.first[k]][column], in[k], sum, empty);
        return sum;
    }

    /// sum += coefficient x. The coefficient is a constant once this is inlined, and most are 0, 1 or -1.
    CTGAN_INLINE static void add(double coefficient, Pack<T> x, Pack<T>& sum, bool& empty) {
        if (coefficient == 0) return;
        if (empty)
            sum = coefficient == 1 ? x : x * Pack<T>(static_cast<T>(coefficient));
        else if (coefficient == 1)
            sum = sum + x;
        else if (coefficient == -1)
            sum = sum - x;
        else
            sum = multiply_add(Pack<T>(static_cast<T>(coefficient)), x, sum);
        empty = false;
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
