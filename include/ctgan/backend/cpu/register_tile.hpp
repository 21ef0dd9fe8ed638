#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A column of a factor: values `step` apart. Three of them share a pointer, because an address may add one
/// register once or twice to another. So a step that is known only at run time costs nothing: an additional
/// instruction for every third row is hidden behind the multiplications.
template <class T, int Rows>
class ColumnAtStep {
  public:
    CTGAN_INLINE ColumnAtStep(const T* a, Index step) : step_(step) {
        CTGAN_UNROLL
        for (int i = 0; i < count; ++i) first_[i] = a + Index{3} * i * step;
    }
    CTGAN_INLINE T operator[](int row) const { return first_[row / 3][row % 3 * step_]; }
    CTGAN_INLINE void advance(Index by) {
        CTGAN_UNROLL
        for (int i = 0; i < count; ++i) first_[i] += by;
    }

  private:
    static constexpr int count = (Rows + 2) / 3;
    Array<const T*, count> first_;
    Index step_;
};

/// The same with a step that is known at compile time, for products of small depth: a single pointer.
template <class T, Index Step>
class ColumnAtFixedStep {
  public:
    CTGAN_INLINE explicit ColumnAtFixedStep(const T* a) : first_(a) {}
    CTGAN_INLINE T operator[](int row) const { return first_[row * Step]; }
    CTGAN_INLINE void advance(Index by) { first_ += by; }

  private:
    const T* first_;
};

namespace detail {
/// Adds the first `columns` columns of a matrix to another one.
template <class T>
CTGAN_SHARED void add_columns(T* to, Index step, const T* from, Index from_step, int rows, int columns) {
    for (int r = 0; r < rows; ++r, to += step, from += from_step)
        for (int c = 0; c < columns; ++c) to[c] += from[c];
}
} // namespace detail

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

    /// sum[r] = the first `columns` values of a row, for all r.
    CTGAN_INLINE void fill(const T* row, int columns) {
        CTGAN_UNROLL
        for (int q = 0; q < Packs; ++q) {
            const int within = (std::min)(q * lanes, columns);
            const Pack<T> pack = Pack<T>::load(row + within, columns - within);
            CTGAN_UNROLL
            for (int r = 0; r < Rows; ++r) sum[r][q] = pack;
        }
    }

    CTGAN_INLINE void add(const RegisterTile& other) {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = sum[r][q] + other.sum[r][q];
        }
    }

    /// sum[r] += sum over k < depth of a[r][k] b[k]. `a` is a column of a; the next one is `a_depth` values
    /// further, the next row of b `b_depth` values.
    template <class Column>
    CTGAN_INLINE void add_product(Column a, Index a_depth, const T* b, Index b_depth, int depth) {
        for (int k = 0; k < depth; ++k, a.advance(a_depth), b += b_depth) {
            Array<Pack<T>, Packs> row;
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) row[q] = Pack<T>::load(b + q * lanes);
            add_row(a, row);
        }
    }

    /// The same sum over only the k in a list, with an a_depth of 1. A row of b is stored in panels of two
    /// packs, `panel_step` values apart.
    CTGAN_INLINE void add_listed_product(const ColumnAtStep<T, Rows>& a, const T* b, Index b_depth,
                                         Index panel_step, const int* list, int count) {
        for (int n = 0; n < count; ++n) {
            const Index k = list[n];
            Array<Pack<T>, Packs> row;
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q)
                row[q] = Pack<T>::load(b + k * b_depth + q / 2 * panel_step + q % 2 * lanes);
            ColumnAtStep<T, Rows> at_k = a;
            at_k.advance(k);
            add_row(at_k, row);
        }
    }

    /// As add_product(), but reads only the first `columns` values of a row of b.
    template <class Column>
    CTGAN_INLINE void add_edge_product(Column a, Index a_depth, const T* b, Index b_depth, int depth,
                                       int columns) {
        for (int k = 0; k < depth; ++k, a.advance(a_depth), b += b_depth) {
            Array<Pack<T>, Packs> row;
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) {
                const int within = (std::min)(q * lanes, columns);
                row[q] = Pack<T>::load(b + within, columns - within);
            }
            add_row(a, row);
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

    CTGAN_INLINE void load(const T* from, Index step) {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r, from += step) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = Pack<T>::load(from + q * lanes);
        }
    }

    CTGAN_INLINE void store(T* to, Index step) const {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r, to += step) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q].store(to + q * lanes);
        }
    }

    /// Adds the first `columns` sums of each row to a matrix.
    CTGAN_INLINE void add_to(T* to, Index step, int columns) const {
        if (columns == Packs * lanes) [[likely]] {
            CTGAN_UNROLL
            for (int r = 0; r < Rows; ++r, to += step) {
                CTGAN_UNROLL
                for (int q = 0; q < Packs; ++q) sum[r][q].add_to(to + q * lanes);
            }
            return;
        }
        Array<T, Rows * Packs * lanes> all;
        store(all, Packs * lanes);
        detail::add_columns(to, step, all, Packs * lanes, Rows, columns);
    }

  private:
    template <class Column>
    CTGAN_INLINE void add_row(const Column& a, const Array<Pack<T>, Packs>& row) {
        CTGAN_UNROLL
        for (int r = 0; r < Rows; ++r) {
            const Pack<T> value(a[r]);
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) sum[r][q] = multiply_add(value, row[q], sum[r][q]);
        }
    }
};

/// How many rows of two packs fit into the registers, besides the packs of one row of the other matrix and
/// one broadcast value.
inline constexpr int max_tile_rows = registers >= 32 ? 14 : 6;
/// Whether tiles of few rows and four packs are faster than those of two packs and twice as many rows: they
/// load less for each multiplication. Seven rows of four packs need all 32 registers. That works because
/// x86's instructions can read an operand from memory, and is measured with AVX-512 alone.
template <class T>
inline constexpr bool four_packs_pay = registers >= 32 && sizeof(Pack<T>) == 64;
inline constexpr int max_rows_of_four_packs = 7;

} // namespace ctgan::inline CTGAN_ABI::cpu
