#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/rows.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Products of a matrix and vectors, for spectral normalization. The matrix is in blocks of `Width` columns,
/// [block][row][column of the block]; the last block has the columns that remain (BlockedMatrix).
struct SpectralNormOperations {
    /// y[row] = sum over columns of m[row][column] x[column].
    template <int Rows, int Columns, int Width, class T>
    static void matrix_times_vector(T* y, const T* m, const T* x) {
        constexpr Parts parts{Rows, 8};
        parallel_for(parts.count(), [=](Index part) {
            using P = Pack<T>;
            const int first = parts.begin(static_cast<int>(part)), rows = parts.size(static_cast<int>(part));
            Array<P, parts.largest()> sums;
            for (int r = 0; r < rows; ++r) sums[r] = P(T{0});
            for (int begin = 0; begin < Columns; begin += Width) {
                const int width = (std::min)(Width, Columns - begin);
                const T* row = m + Index{begin} * Rows + Index{first} * width;
                for (int r = 0; r < rows; ++r, row += width) {
                    int c = 0;
                    for (; c + P::size <= width; c += P::size)
                        sums[r] = multiply_add(P::load(row + c), P::load(x + begin + c), sums[r]);
                    if (c < width)
                        sums[r] = multiply_add(P::load(row + c, width - c), P::load(x + begin + c, width - c),
                                               sums[r]);
                }
            }
            for (int r = 0; r < rows; ++r) y[first + r] = sums[r].sum();
        });
    }

    /// y[column] = sum over rows of x[row] m[row][column].
    template <int Rows, int Columns, int Width, class T>
    static void vector_times_matrix(T* y, const T* x, const T* m) {
        // Each block of the matrix in blocks of 32 columns, as in sums over rows; the last one by itself.
        constexpr int whole = Columns / Width, rest = Columns % Width;
        constexpr int tiles = (Width + tile - 1) / tile, tiles_of_rest = (rest + tile - 1) / tile;
        parallel_for(Index{whole} * tiles + tiles_of_rest, [=](Index chunk) {
            const int block = static_cast<int>(chunk / tiles), first = static_cast<int>(chunk % tiles) * tile;
            const T* const from = m + Index{block} * Width * Rows + first;
            T* const to = y + Index{block} * Width + first;
            if (block < whole)
                add_columns<Width>(to, x, from, first, Rows);
            else if constexpr (rest > 0)
                add_columns<rest>(to, x, from, first, Rows);
        });
    }

    /// *result = sum of a[i] b[i], added up in double in an order that depends on n alone.
    template <class T>
    static void inner_product(T* result, const T* a, const T* b, Index n) {
        *result = static_cast<T>(sum_of_products(a, b, n));
    }

    /// y = x / max(|x|, epsilon), and *norm = |x|. y may be x.
    template <class T>
    static void unit_vector(T* y, T* norm, const T* x, Index n, T epsilon) {
        *norm = static_cast<T>(std::sqrt(sum_of_products(x, x, n)));
        const T divisor = (std::max)(*norm, epsilon);
        for (Index i = 0; i < n; ++i) y[i] = x[i] / divisor;
    }

    /// y (+)= (m - *factor row columnᵀ) / *divisor, for matrices in the same blocks.
    template <int Rows, int Columns, int Width, class T>
    static void subtract_outer_product(T* y, const T* m, const T* row, const T* column, const T* factor,
                                       const T* divisor, bool add) {
        constexpr int blocks = (Columns + Width - 1) / Width;
        constexpr Parts parts{Rows, (std::max)(1, 2048 / (std::min)(Width, Columns))};
        parallel_for(Index{blocks} * parts.count(), [=](Index chunk) {
            const int begin = static_cast<int>(chunk / parts.count()) * Width;
            const int width = (std::min)(Width, Columns - begin),
                      part = static_cast<int>(chunk % parts.count());
            const T by = T{1} / *divisor;
            for (int r = parts.begin(part); r < parts.begin(part + 1); ++r) {
                const Index at = Index{begin} * Rows + Index{r} * width;
                const T own = *factor * row[r];
                const T *const c = column + begin, *const from = m + at;
                T* const to = y + at;
                if (add) {
                    CTGAN_INDEPENDENT_ITERATIONS
                    for (int k = 0; k < width; ++k) to[k] += (from[k] - own * c[k]) * by;
                } else {
                    CTGAN_INDEPENDENT_ITERATIONS
                    for (int k = 0; k < width; ++k) to[k] = (from[k] - own * c[k]) * by;
                }
            }
        });
    }

  private:
    static constexpr int tile = 32;

    /// A term of a sum over rows (RowValues).
    template <class T>
    struct WeightedRow {
        const T *x, *m;
        Index step;
        T operator()(Index row, int k) const { return x[row] * m[row * step + k]; }
    };
    /// Some columns, from `first` on, of a block of so many.
    template <int BlockWidth, class T>
    static void add_columns(T* y, const T* x, const T* m, int first, Index rows) {
        const auto add = [=]<int Width>(std::integral_constant<int, Width>) {
            Array<T, Width> total;
            sum_over_rows<Width>(total, rows, WeightedRow<T>{x, m, BlockWidth});
            std::copy_n(total, Width, y);
        };
        constexpr int rest = BlockWidth % tile;
        if constexpr (BlockWidth >= tile) {
            if (first + tile <= BlockWidth) return add(std::integral_constant<int, tile>{});
        }
        if constexpr (rest > 0) add(std::integral_constant<int, rest>{});
    }

    /// In eight independent sums, which the compiler keeps in registers; of long vectors, in slices.
    template <class T>
    static double sum_of_products(const T* a, const T* b, Index n) {
        constexpr Index most_slices = 64, least_size = 4096;
        const Index slices = std::clamp(n / least_size, Index{1}, most_slices);
        double sums[most_slices];
        parallel_for(slices, [&](Index slice) {
            constexpr int lanes = 8;
            double sum[lanes] = {};
            const auto product = [=](Index i) {
                return static_cast<double>(a[i]) * static_cast<double>(b[i]);
            };
            Index i = n * slice / slices;
            const Index end = n * (slice + 1) / slices;
            for (; i + lanes <= end; i += lanes)
                for (int k = 0; k < lanes; ++k) sum[k] += product(i + k);
            for (; i < end; ++i) sum[0] += product(i);
            double total = 0;
            for (const double part : sum) total += part;
            sums[slice] = total;
        });
        double total = 0;
        for (Index slice = 0; slice < slices; ++slice) total += sums[slice];
        return total;
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
