#pragma once

#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/backend/cuda/rows.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <cmath>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// Where a value of a matrix in blocks of columns is.
template <int Rows, int Columns, int Width>
CTGAN_HD Index in_blocks(Index row, Index column) {
    const Index begin = column / Width * Width;
    const Index width = begin + Width <= Columns ? Width : Columns - begin;
    return begin * Rows + row * width + (column - begin);
}

/// Terms of sums over columns, for each row.
template <int Rows, int Columns, int Width, class T>
struct RowTimesVector {
    static constexpr int count = 1;
    using Values = ValuesOf<T, 1>;
    const T *m, *x;
    CTGAN_HD Values operator()(Index column, int row) const {
        return {{m[in_blocks<Rows, Columns, Width>(row, column)] * x[column]}};
    }
};
/// Terms of sums over rows, for each column.
template <int Rows, int Columns, int Width, class T>
struct VectorTimesColumn {
    static constexpr int count = 1;
    using Values = ValuesOf<T, 1>;
    const T *x, *m;
    CTGAN_HD Values operator()(Index row, int column) const {
        return {{x[row] * m[in_blocks<Rows, Columns, Width>(row, column)]}};
    }
};
/// Terms of a sum.
template <class T>
struct ProductOfTwo {
    static constexpr int count = 1;
    using Values = ValuesOf<T, 1>;
    const T *a, *b;
    CTGAN_HD Values operator()(Index i, int) const { return {{a[i] * b[i]}}; }
};

template <class T>
struct StoreRoot {
    T* to;
    CTGAN_HD void operator()(int, const double (&total)[1]) const {
        *to = static_cast<T>(std::sqrt(total[0]));
    }
};
template <class T>
struct DivideByNorm {
    const T *x, *norm;
    T epsilon;
    T* y;
    CTGAN_HD void operator()(Index i) const { y[i] = x[i] / (*norm > epsilon ? *norm : epsilon); }
};

template <int Rows, int Columns, int Width, class T>
struct SubtractOuterProduct {
    const T *m, *row, *column, *factor, *divisor;
    bool add;
    T* y;
    CTGAN_HD void operator()(Index i) const {
        constexpr Index whole = Index{Columns / Width} * Width * Rows; // values of whole blocks
        const Index block = i < whole ? i / (Index{Width} * Rows) : Index{Columns / Width};
        const Index width = i < whole ? Width : Columns % Width, within = i - block * Width * Rows;
        const Index r = within / width, c = block * Width + within % width;
        const T value = (m[i] - *factor * row[r] * column[c]) * (T{1} / *divisor);
        y[i] = add ? y[i] + value : value;
    }
};

} // namespace detail

/// Products of a matrix and vectors, for spectral normalization. The matrix is in blocks of `Width` columns,
/// [block][row][column of the block]; the last block has the columns that remain (BlockedMatrix).
struct SpectralNormOperations {
    /// y[row] = sum over columns of m[row][column] x[column].
    template <int Rows, int Columns, int Width, class T>
    static void matrix_times_vector(T* y, const T* m, const T* x) {
        sum_over_rows<Rows, T>(Columns, detail::RowTimesVector<Rows, Columns, Width, T>{m, x},
                               detail::StoreOrAdd<T>{y, false});
    }

    /// y[column] = sum over rows of x[row] m[row][column].
    template <int Rows, int Columns, int Width, class T>
    static void vector_times_matrix(T* y, const T* x, const T* m) {
        sum_over_rows<Columns, T>(Rows, detail::VectorTimesColumn<Rows, Columns, Width, T>{x, m},
                                  detail::StoreOrAdd<T>{y, false});
    }

    /// *result = sum of a[i] b[i], in an order that depends on n alone.
    template <class T>
    static void inner_product(T* result, const T* a, const T* b, Index n) {
        sum_over_rows<1, T>(n, detail::ProductOfTwo<T>{a, b}, detail::StoreOrAdd<T>{result, false});
    }

    /// y = x / max(|x|, epsilon), and *norm = |x|. y may be x.
    template <class T>
    static void unit_vector(T* y, T* norm, const T* x, Index n, T epsilon) {
        sum_over_rows<1, T>(n, detail::ProductOfTwo<T>{x, x}, detail::StoreRoot<T>{norm});
        parallel_for(n, detail::DivideByNorm<T>{x, norm, epsilon, y});
    }

    /// y (+)= (m - *factor row columnᵀ) / *divisor, for matrices in the same blocks.
    template <int Rows, int Columns, int Width, class T>
    static void subtract_outer_product(T* y, const T* m, const T* row, const T* column, const T* factor,
                                       const T* divisor, bool add) {
        parallel_for(Index{Rows} * Columns, detail::SubtractOuterProduct<Rows, Columns, Width, T>{
                                                m, row, column, factor, divisor, add, y});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
