#pragma once

#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/config.hpp>
#include <ctgan/shape.hpp>

#include <algorithm>

namespace ctgan::cpu {

/// Sums of products that stay in registers: `Rows` rows of `Packs` packs. Every product of matrices in the
/// room is made of it.
template <class T, int Rows, int Packs>
struct RegisterTile {
    static constexpr int lanes = Pack<T>::size;
    Pack<T> sum[Rows][Packs];

    CTGAN_INLINE void clear() {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = Pack<T>(T{0});
        }
    }

    /// sum[r] += the sum over k < depth of a[r * RowStep + k * DepthStep] b[k * BStep ...].
    template <Index RowStep, Index DepthStep, Index BStep>
    CTGAN_INLINE void add_product(int depth, const T* a, const T* b) {
        for (int k = 0; k < depth; ++k, a += DepthStep, b += BStep) {
            Pack<T> row[Packs];
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) row[q] = Pack<T>::load(b + q * lanes);
            add_row<RowStep>(a, row);
        }
    }

    /// The same over the k of a list, with DepthStep 1. Each two packs of a row of b are `PanelStep` apart.
    template <Index RowStep, Index BStep, Index PanelStep = Index{2} * lanes>
    CTGAN_INLINE void add_listed_product(const int* list, int count, const T* a, const T* b) {
        for (int n = 0; n < count; ++n) {
            const Index k = list[n];
            Pack<T> row[Packs];
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q)
                row[q] = Pack<T>::load(b + k * BStep + q / 2 * PanelStep + q % 2 * lanes);
            add_row<RowStep>(a + k, row);
        }
    }

    /// The same with only the first `columns` of b's numbers there to be read.
    template <Index RowStep, Index DepthStep, Index BStep>
    void add_edge_product(int depth, int columns, const T* a, const T* b) {
        for (int k = 0; k < depth; ++k, a += DepthStep, b += BStep) {
            Pack<T> row[Packs];
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) {
                const int within = std::min(q * lanes, columns);
                row[q] = Pack<T>::load_first(b + within, std::min(lanes, columns - within));
            }
            add_row<RowStep>(a, row);
        }
    }

    /// Calls f(row, column, pack) for each pack of sums.
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
    CTGAN_INLINE void add_row(const T* a, const Pack<T> (&row)[Packs]) {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            const Pack<T> value(a[r * RowStep]);
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = multiply_add(value, row[q], sum[r][q]);
        }
    }
};

/// Rows of two packs that fill the registers, with room for the packs of one row of the other matrix and for
/// a broadcast number.
inline constexpr int most_tile_rows = registers >= 32 ? 14 : 6;

} // namespace ctgan::cpu
