#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Sums of products that stay in registers: `Rows` rows of `Packs` packs. Every matrix product of the backend
/// is built from it.
template <class T, int Rows, int Packs>
struct RegisterTile {
    static constexpr int lanes = Pack<T>::size;
    Array<Array<Pack<T>, Packs>, Rows> sum;

    CTGAN_INLINE void clear() {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = Pack<T>(T{0});
        }
    }

    /// sum[r] += sum over k < depth of a[r * RowStep + k * DepthStep] b[k * BStep ...].
    template <Index RowStep, Index DepthStep, Index BStep>
    CTGAN_INLINE void add_product(const T* a, const T* b, int depth) {
        for (int k = 0; k < depth; ++k, a += DepthStep, b += BStep) {
            Array<Pack<T>, Packs> row;
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) row[q] = Pack<T>::load(b + q * lanes);
            add_row<RowStep>(a, row);
        }
    }

    /// The same sum over only the k in a list, with DepthStep 1. A row of b is stored in panels of two packs,
    /// `PanelStep` values apart.
    template <Index RowStep, Index BStep, Index PanelStep = Index{2} * lanes>
    CTGAN_INLINE void add_listed_product(const T* a, const T* b, const int* list, int count) {
        for (int n = 0; n < count; ++n) {
            const Index k = list[n];
            Array<Pack<T>, Packs> row;
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q)
                row[q] = Pack<T>::load(b + k * BStep + q / 2 * PanelStep + q % 2 * lanes);
            add_row<RowStep>(a + k, row);
        }
    }

    /// As add_product(), but reads only the first `columns` values of a row of b.
    template <Index RowStep, Index DepthStep, Index BStep>
    void add_edge_product(const T* a, const T* b, int depth, int columns) {
        for (int k = 0; k < depth; ++k, a += DepthStep, b += BStep) {
            Array<Pack<T>, Packs> row;
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) {
                const int within = (std::min)(q * lanes, columns);
                row[q] = Pack<T>::load(b + within, columns - within);
            }
            add_row<RowStep>(a, row);
        }
    }

    /// Calls f(row, column, pack) for each pack.
    template <class F>
    CTGAN_INLINE void for_each(const F& f) const {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) f(r, q * lanes, sum[r][q]);
        }
    }

    template <Index Step>
    CTGAN_INLINE void load(const T* from) {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = Pack<T>::load(from + r * Step + q * lanes);
        }
    }

    template <Index Step>
    CTGAN_INLINE void store(T* to) const {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q].store(to + r * Step + q * lanes);
        }
    }

  private:
    template <Index RowStep>
    CTGAN_INLINE void add_row(const T* a, const Array<Pack<T>, Packs>& row) {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            const Pack<T> value(a[r * RowStep]);
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = multiply_add(value, row[q], sum[r][q]);
        }
    }
};

/// How many rows of two packs fit into the registers, besides the packs of one row of the other matrix and
/// one broadcast value.
inline constexpr int max_tile_rows = registers >= 32 ? 14 : 6;

} // namespace ctgan::inline CTGAN_ABI::cpu
