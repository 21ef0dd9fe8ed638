#pragma once

#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/core/config.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI::gpu::detail {

/// How a block of threads divides its work: the block computes a tile of Rows by Columns values of the
/// matrix product, `depth` products of each sum at a time, and each thread computes ThreadRows by
/// ThreadColumns values of the tile.
template <int Rows, int Columns, int ThreadRows, int ThreadColumns>
struct Tile {
    static constexpr int rows = Rows;
    static constexpr int columns = Columns;
    static constexpr int depth = 16;
    static constexpr int thread_rows = ThreadRows;
    static constexpr int thread_columns = ThreadColumns;
    static constexpr int threads = (Rows / ThreadRows) * (Columns / ThreadColumns);
};

/// Which `Each` of the Extent rows (or columns) of a tile belong to a thread. They form groups of four
/// adjacent ones, which are read together; the groups of consecutive threads are adjacent.
template <int Extent, int Each>
struct ThreadShare {
    static constexpr int together = Each % 4 == 0 ? 4 : 1;
    static constexpr int threads = Extent / Each;

    /// The thread's row (or column) number i, within the tile.
    CTGAN_HD static constexpr int place(int thread, int i) {
        return (i / together * threads + thread) * together + i % together;
    }
};

/// How the threads of a block fetch a slab of one matrix, Extent by Depth values. Consecutive threads read
/// values that are adjacent in memory: along the depth if AlongDepth, otherwise along the extent.
template <int Extent, int Depth, int Threads, bool AlongDepth>
struct Fetching {
    static constexpr int numbers = Extent * Depth;
    static constexpr int each = (numbers + Threads - 1) / Threads;
    static constexpr int extents = AlongDepth ? each : 1; ///< rows (columns) that a thread fetches from
    static constexpr int depths = AlongDepth ? 1 : each;  ///< places along the depth that it fetches from
    static_assert(Threads % (AlongDepth ? Depth : Extent) == 0);
    static_assert(numbers % Threads == 0 || numbers < Threads);

    CTGAN_HD static constexpr bool takes_part(int thread) { return numbers >= Threads || thread < numbers; }
    CTGAN_HD static constexpr int at_extent(int thread, int i) {
        return AlongDepth ? thread / Depth + i * (Threads / Depth) : thread % Extent;
    }
    CTGAN_HD static constexpr int at_depth(int thread, int i) {
        return AlongDepth ? thread % Depth : thread / Extent + i * (Threads / Extent);
    }
};

/// The backend's only kernel apart from Thrust's: the product of two matrices that need not be in memory. A
/// `Problem` provides their values one by one, so a convolution needs no unfolded image. It also stores the
/// results, so it can apply a function to them first. Its members are:
///
///     Scalar, columns, slices          value type, columns of a matrix product, how many of these;
///     left_along_depth, right_...      whether values adjacent along the depth are adjacent in memory;
///     slice(z)                         matrix product z, with the members
///         rows, depth                  its sizes, ints;
///         row(m), column(n), at(k)     what left and right need to know of a row, column or depth;
///         left(row, at), right(at, column)     the two values that are multiplied;
///         store(m, n, sum)             stores a value of the product, or uses it.
///
/// The code of the kernel contains nothing specific to CUDA. Between two barriers the threads of a block do
/// not depend on each other, so the host can run them one after the other, as the tests do.
template <class Problem, class Tile>
struct TiledProduct {
    using T = typename Problem::Scalar;
    using Slice = std::remove_cvref_t<decltype(std::declval<Problem>().slice(0))>;
    using Row = decltype(std::declval<Slice>().row(0));
    using Column = decltype(std::declval<Slice>().column(0));
    using Left = Fetching<Tile::rows, Tile::depth, Tile::threads, Problem::left_along_depth>;
    using Right = Fetching<Tile::columns, Tile::depth, Tile::threads, Problem::right_along_depth>;
    using RowShare = ThreadShare<Tile::rows, Tile::thread_rows>;
    using ColumnShare = ThreadShare<Tile::columns, Tile::thread_columns>;
    static constexpr int column_blocks = (Problem::columns + Tile::columns - 1) / Tile::columns;

    Problem problem;
    int first_row, last_row; ///< the rows of each slice to compute; last_row is one past the end
    int splits;              ///< parts into which the depth is divided
    int split_depth;         ///< depth of a split, a multiple of Tile::depth
    T* partial;              ///< [split][slice][row][column]; null if there is one split

    CTGAN_HD int row_blocks() const { return (last_row - first_row + Tile::rows - 1) / Tile::rows; }
    CTGAN_HD Index blocks() const { return Index{Problem::slices} * splits * row_blocks() * column_blocks; }

    /// What the threads of a block share: two slabs of each matrix, one to multiply while the other is
    /// filled. Each row has four extra values, which reduces bank conflicts when a slab is written.
    struct Shared {
        alignas(16) T left[2][Tile::depth][Tile::rows + 4];
        alignas(16) T right[2][Tile::depth][Tile::columns + 4];
    };

    /// What a thread keeps in registers.
    struct Thread {
        Slice slice;
        int number, first_row, first_column, split, z, begin, end;
        Row rows[Left::extents];
        Column columns[Right::extents];
        T fetched_left[Left::each], fetched_right[Right::each];
        T sum[Tile::thread_rows][Tile::thread_columns];

        CTGAN_HD int slabs() const { return begin < end ? (end - begin + Tile::depth - 1) / Tile::depth : 0; }
    };

    /// Finds the thread's part of the matrix product and fetches slab 0.
    CTGAN_HD void begin(Thread& thread, Shared& shared, std::uint32_t block, int number) const {
        const std::uint32_t in_columns = block / column_blocks;
        const std::uint32_t in_rows = in_columns / static_cast<std::uint32_t>(row_blocks());
        thread.number = number;
        thread.first_column = static_cast<int>(block % column_blocks) * Tile::columns;
        thread.first_row =
            first_row + static_cast<int>(in_columns % static_cast<std::uint32_t>(row_blocks())) * Tile::rows;
        thread.split = static_cast<int>(in_rows % static_cast<std::uint32_t>(splits));
        thread.z = static_cast<int>(in_rows / static_cast<std::uint32_t>(splits));
        thread.slice = problem.slice(thread.z);
        thread.begin = thread.split * split_depth;
        thread.end =
            thread.begin + split_depth < thread.slice.depth ? thread.begin + split_depth : thread.slice.depth;
        if (thread.first_row >= thread.slice.rows) { // a slice may have fewer rows than the largest
            thread.end = thread.begin;
            return;
        }
        // Beyond the edge of the product, a tile fetches the product's last row or column again; the results
        // are not stored.
        CTGAN_UNROLL
        for (int i = 0; i < Left::extents; ++i) {
            const int m = thread.first_row + Left::at_extent(number, i);
            thread.rows[i] = thread.slice.row(m < thread.slice.rows ? m : thread.slice.rows - 1);
        }
        CTGAN_UNROLL
        for (int i = 0; i < Right::extents; ++i) {
            const int n = thread.first_column + Right::at_extent(number, i);
            thread.columns[i] = thread.slice.column(n < Problem::columns ? n : Problem::columns - 1);
        }
        CTGAN_UNROLL
        for (int i = 0; i < Tile::thread_rows; ++i) {
            CTGAN_UNROLL
            for (int j = 0; j < Tile::thread_columns; ++j) thread.sum[i][j] = T{0};
        }
        if (thread.slabs() > 0) {
            fetch(thread, 0);
            put(thread, shared, 0);
        }
    }

    /// Multiplies a slab. Call this for slabs 0, 1, ..., with a barrier before each.
    CTGAN_HD void step(Thread& thread, Shared& shared, int slab) const {
        const bool more = slab + 1 < thread.slabs();
        if (more) fetch(thread, slab + 1); // the loads overlap with the multiplication
        multiply(thread, shared, slab % 2);
        if (more) put(thread, shared, (slab + 1) % 2);
    }

    /// Stores the thread's sums: as results or, if the depth is split, as partial sums.
    CTGAN_HD void end(const Thread& thread) const {
        const int row_thread = thread.number / ColumnShare::threads;
        const int column_thread = thread.number % ColumnShare::threads;
        const int rows = thread.slice.rows < last_row ? thread.slice.rows : last_row;
        CTGAN_UNROLL
        for (int i = 0; i < Tile::thread_rows; ++i) {
            const int m = thread.first_row + RowShare::place(row_thread, i);
            CTGAN_UNROLL
            for (int j = 0; j < Tile::thread_columns; ++j) {
                const int n = thread.first_column + ColumnShare::place(column_thread, j);
                if (m >= rows || n >= Problem::columns) continue;
                if (splits == 1)
                    thread.slice.store(m, n, thread.sum[i][j]);
                else
                    partial[place(thread.split, thread.z, m, n)] = thread.sum[i][j];
            }
        }
    }

    /// The index of a partial sum.
    CTGAN_HD Index place(int split, int z, int m, int n) const {
        return ((Index{split} * Problem::slices + z) * (last_row - first_row) + (m - first_row)) *
                   Problem::columns +
               n;
    }

  private:
    CTGAN_HD static void fetch(Thread& thread, int slab) {
        const Slice& slice = thread.slice;
        const int begin = thread.begin + slab * Tile::depth;
        if (Left::takes_part(thread.number)) {
            CTGAN_UNROLL
            for (int i = 0; i < Left::each; ++i) {
                const int k = begin + Left::at_depth(thread.number, i);
                thread.fetched_left[i] =
                    k < thread.end ? slice.left(thread.rows[i % Left::extents], slice.at(k)) : T{0};
            }
        }
        if (Right::takes_part(thread.number)) {
            CTGAN_UNROLL
            for (int i = 0; i < Right::each; ++i) {
                const int k = begin + Right::at_depth(thread.number, i);
                thread.fetched_right[i] =
                    k < thread.end ? slice.right(slice.at(k), thread.columns[i % Right::extents]) : T{0};
            }
        }
    }

    CTGAN_HD static void put(const Thread& thread, Shared& shared, int half) {
        if (Left::takes_part(thread.number)) {
            CTGAN_UNROLL
            for (int i = 0; i < Left::each; ++i)
                shared.left[half][Left::at_depth(thread.number, i)][Left::at_extent(thread.number, i)] =
                    thread.fetched_left[i];
        }
        if (Right::takes_part(thread.number)) {
            CTGAN_UNROLL
            for (int i = 0; i < Right::each; ++i)
                shared.right[half][Right::at_depth(thread.number, i)][Right::at_extent(thread.number, i)] =
                    thread.fetched_right[i];
        }
    }

    CTGAN_HD static void multiply(Thread& thread, const Shared& shared, int half) {
        const int row_thread = thread.number / ColumnShare::threads;
        const int column_thread = thread.number % ColumnShare::threads;
        CTGAN_UNROLL
        for (int k = 0; k < Tile::depth; ++k) {
            T left[Tile::thread_rows], right[Tile::thread_columns];
            CTGAN_UNROLL
            for (int i = 0; i < Tile::thread_rows; ++i)
                left[i] = shared.left[half][k][RowShare::place(row_thread, i)];
            CTGAN_UNROLL
            for (int j = 0; j < Tile::thread_columns; ++j)
                right[j] = shared.right[half][k][ColumnShare::place(column_thread, j)];
            CTGAN_UNROLL
            for (int i = 0; i < Tile::thread_rows; ++i) {
                CTGAN_UNROLL
                for (int j = 0; j < Tile::thread_columns; ++j) thread.sum[i][j] += left[i] * right[j];
            }
        }
    }
};

/// The second stage if the depth is split: adds up the partial sums in the order of the splits and stores the
/// result.
template <class Product>
struct SumSplits {
    Product product;
    CTGAN_HD void operator()(Index i) const {
        using Problem = decltype(product.problem);
        const DivMod<Problem::columns> at(i);
        const int rows = product.last_row - product.first_row;
        const int z = static_cast<int>(at.quotient / rows);
        const int m = product.first_row + static_cast<int>(at.quotient % rows);
        const auto slice = product.problem.slice(z);
        if (m >= slice.rows) return;
        typename Problem::Scalar sum{0};
        constexpr int at_once = 4; // values on their way, instead of one
        for (int first = 0; first < product.splits; first += at_once) {
            typename Problem::Scalar values[at_once];
            CTGAN_UNROLL
            for (int k = 0; k < at_once; ++k) {
                const int split = first + k < product.splits ? first + k : first;
                values[k] = product.partial[product.place(split, z, m, at.remainder)];
            }
            CTGAN_UNROLL
            for (int k = 0; k < at_once; ++k)
                if (first + k < product.splits) sum += values[k];
        }
        slice.store(m, at.remainder, sum);
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu::detail
