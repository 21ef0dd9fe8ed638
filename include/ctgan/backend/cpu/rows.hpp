#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Some rows of a matrix.
struct RowRange {
    Index begin, end; ///< end is one past the last
};

/// How many rows a sum over rows adds up in T before it goes on in double.
inline constexpr Index rows_per_segment = 16;

/// What a sum over the rows of a block adds up: the values of a matrix, whose first column in the block is x
/// and whose rows are `step` values apart.
template <class T>
struct RowValues {
    const T* x;
    Index step;
    T operator()(Index row, int k) const { return x[row * step + k]; }
};

/// Other terms of such sums, for moments and their gradients; `mean` is that of the block's first column.
template <class T>
struct SquaredDeviations {
    const T *x, *mean;
    Index step;
    T operator()(Index row, int k) const {
        const T d = x[row * step + k] - mean[k];
        return d * d;
    }
};
template <class T>
struct GradientTimesDeviation {
    const T *dy, *x, *mean;
    Index step;
    T operator()(Index row, int k) const { return dy[row * step + k] * (x[row * step + k] - mean[k]); }
};

/// sums[k], sums[to_step + k] and so on = sum over rows r of term(r, k), k < Width, for each segment of 16
/// rows. Not inlined, so that it is compiled once for each kind of term.
template <int Width, class T, class Term>
CTGAN_SHARED void sum_segments(T* sums, Index to_step, RowRange rows, Term term) {
    for (Index begin = rows.begin; begin < rows.end; begin += rows_per_segment, sums += to_step) {
        Array<T, Width> partial = {};
        const Index end = (std::min)(rows.end, begin + rows_per_segment);
        for (Index r = begin; r < end; ++r)
            for (int k = 0; k < Width; ++k) partial[k] += term(r, k);
        for (int k = 0; k < Width; ++k) sums[k] = partial[k];
    }
}

/// total[k] += the sums of the segments of so many rows.
template <int Width, class T>
CTGAN_SHARED void add_segments(double* total, const T* sums, Index step, Index rows) {
    Array<double, Width> sum;
    for (int k = 0; k < Width; ++k) sum[k] = total[k];
    for (Index r = 0; r < rows; r += rows_per_segment, sums += step)
        for (int k = 0; k < Width; ++k) sum[k] += static_cast<double>(sums[k]);
    for (int k = 0; k < Width; ++k) total[k] = sum[k];
}

/// total[k] = sum over rows r of term(r, k), k < Width: 16 rows at a time are added up in T, their sums in
/// double. PyTorch's CPU backend also adds up in double for batch normalization.
template <int Width, class T, class Term>
inline void sum_over_rows(Array<T, Width>& total, Index rows, const Term& term) {
    constexpr Index segments_at_once = 32;
    Array<T, segments_at_once * Width> sums;
    Array<double, Width> sum = {};
    for (Index begin = 0; begin < rows; begin += segments_at_once * rows_per_segment) {
        const Index end = (std::min)(rows, begin + segments_at_once * rows_per_segment);
        sum_segments<Width>(+sums, Width, {begin, end}, term);
        add_segments<Width>(+sum, +sums, Width, end - begin);
    }
    for (int k = 0; k < Width; ++k) total[k] = static_cast<T>(sum[k]);
}

/// A batch as a matrix of rows by channels, in blocks of adjacent channels. Only whether there are whole
/// blocks and how many channels the last one has is known at compile time, so layers of different channels
/// share the code.
///
/// A sum over the rows of a block takes them in their order. Usually one thread computes it. If there are few
/// blocks and many rows, the sums of segments are stored first, by many threads, and added up afterwards: the
/// same additions, so the result has the same bits.
template <bool has_whole_blocks, int Rest>
struct ChannelBlocks {
    static constexpr int width = 32;
    int channels;

    constexpr int count() const { return channels / width + (Rest > 0 ? 1 : 0); }

    /// Calls body(first channel, integral_constant<int, channels of the block>) for each block, on all
    /// threads.
    template <class Body>
    void for_each(const Body& body) const {
        parallel_for(count(), [&](Index block) { call(block, body); });
    }
    /// Calls body(first channel, integral_constant, rows) for each block and part of the rows.
    template <class Body>
    void for_each_part(Index rows, const Body& body) const {
        const Index parts = (rows + rows_per_part - 1) / rows_per_part;
        parallel_for(parts * count(), [&](Index chunk) {
            const Index begin = chunk / count() * rows_per_part;
            const RowRange range{begin, (std::min)(rows, begin + rows_per_part)};
            call(chunk % count(), [&](int first, auto block_width) { body(first, block_width, range); });
        });
    }

    /// Whether a sum over so many rows takes the sums of segments from memory, of which there is none if
    /// `scratch` is null.
    template <class T>
    bool stores_segments(Index rows, const T* scratch) const {
        return scratch && rows >= min_rows_to_store && may_store_segments();
    }
    /// Whether it ever does: many blocks keep all threads busy without.
    constexpr bool may_store_segments() const { return count() < max_blocks_to_store; }
    /// How many values the sums of all segments are.
    constexpr Index segment_sums(Index rows) const {
        return (rows + rows_per_segment - 1) / rows_per_segment * channels;
    }
    /// Stores the sums of the segments of these rows.
    template <int Width, class T, class Term>
    void store_segments(T* sums, int first, RowRange rows, const Term& term) const {
        sum_segments<Width>(sums + rows.begin / rows_per_segment * channels + first, channels, rows, term);
    }
    /// total[k] = the sum of the segments of `rows` rows.
    template <int Width, class T>
    void sum_of_segments(Array<T, Width>& total, const T* sums, int first, Index rows) const {
        Array<double, Width> sum = {};
        add_segments<Width>(+sum, sums + first, channels, rows);
        for (int k = 0; k < Width; ++k) total[k] = static_cast<T>(sum[k]);
    }

  private:
    static constexpr Index rows_per_part = 8 * rows_per_segment;
    static constexpr Index min_rows_to_store = 1024;
    static constexpr int max_blocks_to_store = 32;

    template <class Body>
    void call(Index block, const Body& body) const {
        const int first = static_cast<int>(block) * width;
        if constexpr (has_whole_blocks) {
            if (block < channels / width) return body(first, std::integral_constant<int, width>{});
        }
        if constexpr (Rest > 0) body(first, std::integral_constant<int, Rest>{});
    }
};

/// The blocks of that many channels.
template <int Channels>
inline constexpr ChannelBlocks<(Channels >= 32), Channels % 32> channel_blocks{Channels};

/// Batches as matrices of rows by channels.
struct RowOperations {
    /// How many values sum_rows and the sums of a batch normalization need as scratch memory.
    template <int Channels, int Pixels>
    static constexpr MemorySize row_sums_scratch =
        channel_blocks<Channels>.may_store_segments()
            ? MemorySize{(2 * Index{Channels} * Pixels - 1) / rows_per_segment + 1, 2 * Index{Channels}}
            : MemorySize{};

    /// y[c] (+)= sum over rows of x[row][c]: the gradient with respect to a bias. `scratch` may be null.
    template <int Channels, class T>
    static void sum_rows(T* y, const T* x, Index rows, bool add, T* scratch = nullptr) {
        sum_blocks(channel_blocks<Channels>, y, x, rows, add, scratch);
    }

    /// y[sample][pixel][c] = f(value[sample][pixel][c], x[sample][pixel][c] factor[sample][c]). x and y may
    /// be the same.
    template <int Channels, int Pixels, class T, class F>
    static void scale_channels(T* y, const T* x, const T* factor, const T* value, int batch, F f) {
        constexpr Parts parts{Pixels, 64};
        parallel_for(Index{batch} * parts.count(), [=](Index chunk) {
            const Index sample = chunk / parts.count();
            const int part = static_cast<int>(chunk % parts.count());
            const T* factors = factor + sample * Channels;
            const Index end = sample * Pixels + parts.begin(part + 1);
            for (Index p = sample * Pixels + parts.begin(part); p < end; ++p) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (Index c = p * Channels; c < (p + 1) * Channels; ++c)
                    y[c] = f(value[c], x[c] * factors[c - p * Channels]);
            }
        });
    }

    /// From PyTorch's order, [sample][c][pixel], to channels last, [sample][pixel][c].
    template <int Channels, int Pixels, class T>
    static void channels_last(T* y, const T* x, int batch) {
        transpose<Channels, Pixels>(y, x, batch);
    }

    /// From channels last, [sample][pixel][c], to PyTorch's order, [sample][c][pixel].
    template <int Channels, int Pixels, class T>
    static void channels_first(T* y, const T* x, int batch) {
        transpose<Pixels, Channels>(y, x, batch);
    }

  private:
    template <class Blocks, class T>
    static void sum_blocks(Blocks blocks, T* y, const T* x, Index rows, bool add, T* scratch) {
        const auto terms = [=](int first) { return RowValues<T>{x + first, blocks.channels}; };
        const auto finish = [=]<int Width>(int first, const Array<T, Width>& total) {
            for (int k = 0; k < Width; ++k) y[first + k] = add ? y[first + k] + total[k] : total[k];
        };
        if (!blocks.stores_segments(rows, scratch))
            return blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
                Array<T, Width> total;
                sum_over_rows<Width>(total, rows, terms(first));
                finish.template operator()<Width>(first, total);
            });
        blocks.for_each_part(rows,
                             [=]<int Width>(int first, std::integral_constant<int, Width>, RowRange some) {
                                 blocks.template store_segments<Width>(scratch, first, some, terms(first));
                             });
        blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            Array<T, Width> total;
            blocks.template sum_of_segments<Width>(total, scratch, first, rows);
            finish.template operator()<Width>(first, total);
        });
    }

    template <int Rows, int Columns, class T>
    static void transpose(T* y, const T* x, int batch) {
        constexpr bool by_rows = Rows >= Columns;
        constexpr int per_chunk = 64; // whole registers and cache lines
        constexpr int length = by_rows ? Rows : Columns, parts = (length + per_chunk - 1) / per_chunk;
        parallel_for(Index{batch} * parts, [=](Index chunk) {
            const Index image = chunk / parts * (Index{Rows} * Columns);
            const int begin = static_cast<int>(chunk % parts) * per_chunk;
            const int size = (std::min)(per_chunk, length - begin);
            if constexpr (by_rows)
                cpu::transpose(y + image + begin, Rows, x + image + Index{begin} * Columns, Columns, size,
                               Columns);
            else
                cpu::transpose(y + image + Index{begin} * Rows, Rows, x + image + begin, Columns, Rows, size);
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
