#pragma once

#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/core/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// What a thread reads before it adds: so many values are on their way at a time, instead of one.
inline constexpr int values_at_once = 16;

/// `Terms::count` sums for one channel of a matrix of rows by channels, over rows `first`, `first + step`,
/// ...: segments of 16 terms are added up in T, their sums in double, as on the CPU.
template <class T, class Terms>
CTGAN_HD void add_rows(const Terms& terms, Index first, Index step, Index rows, int channel,
                       double (&total)[Terms::count]) {
    constexpr int segment = values_at_once;
    for (double& sum : total) sum = 0;
    for (Index row = first; row < rows; row += segment * step) {
        typename Terms::Values values[segment];
        CTGAN_UNROLL
        for (int i = 0; i < segment; ++i) // beyond the end the first row, whose values are then not added
            values[i] = terms(row + i * step < rows ? row + i * step : first, channel);
        T partial[Terms::count] = {};
        CTGAN_UNROLL
        for (int i = 0; i < segment; ++i)
            if (row + i * step < rows)
                for (int k = 0; k < Terms::count; ++k) partial[k] += values[i].at[k];
        for (int k = 0; k < Terms::count; ++k) total[k] += static_cast<double>(partial[k]);
    }
}

/// One thread adds up all rows of a channel.
template <class T, class Terms, class Finish>
struct WholeColumn {
    Terms terms;
    Finish finish;
    Index rows;
    CTGAN_HD void operator()(Index channel) const {
        double total[Terms::count];
        add_rows<T>(terms, 0, 1, rows, static_cast<int>(channel), total);
        finish(static_cast<int>(channel), total);
    }
};

/// One thread adds up every `parts`-th row of a channel. Consecutive threads have adjacent channels and,
/// after the last channel, the next row, so they read adjacent values.
template <int Channels, class T, class Terms>
struct PartOfColumn {
    Terms terms;
    Index rows, parts;
    double* partial; ///< [sum][part][channel]
    CTGAN_HD void operator()(Index i) const {
        const DivMod<Channels> at(i);
        double total[Terms::count];
        add_rows<T>(terms, at.quotient, parts, rows, at.remainder, total);
        for (int k = 0; k < Terms::count; ++k) partial[k * parts * Channels + i] = total[k];
    }
};

/// One thread adds up the partial sums of a channel.
template <int Channels, int Count, class Finish>
struct WholeFromParts {
    Finish finish;
    Index parts;
    const double* partial;
    CTGAN_HD void operator()(Index channel) const {
        ctgan::detail::Array<double, Count> total = {};
        for (Index first = 0; first < parts; first += values_at_once)
            for (int k = 0; k < Count; ++k) {
                double values[values_at_once];
                CTGAN_UNROLL
                for (int i = 0; i < values_at_once; ++i) {
                    const Index part = first + i < parts ? first + i : first;
                    values[i] = partial[(k * parts + part) * Channels + channel];
                }
                CTGAN_UNROLL
                for (int i = 0; i < values_at_once; ++i)
                    if (first + i < parts) total[k] += values[i];
            }
        finish(static_cast<int>(channel), total);
    }
};

/// The terms of one row, one for each of the sums.
template <class T, int Count>
struct ValuesOf {
    ctgan::detail::Array<T, Count> at;
};

/// At most this many threads read a matrix of rows by channels to add up each channel.
inline constexpr Index max_part_threads = 65536;

/// Into how many parts of 16 rows or more the rows are divided, for a thread each: 1 or less if one thread
/// adds up all rows of a channel. With few channels only many parts occupy a device.
template <int Channels>
Index parts_of_column(Index rows) {
    constexpr Index max_parts = Channels < 16 ? 1024 : 256, min_rows = 16;
    return (std::min)({rows / min_rows, max_parts, max_part_threads / Channels});
}

} // namespace detail

/// Calls finish(channel, sums) for each channel, with the sums of terms(row, channel) over all rows. It takes
/// one parallel loop if there are few rows, otherwise two. How the rows are divided depends on the numbers of
/// rows and channels alone, so a result has the same bits each time.
template <int Channels, class T, class Terms, class Finish>
void sum_over_rows(Index rows, const Terms& terms, const Finish& finish) {
    const Index parts = detail::parts_of_column<Channels>(rows);
    if (parts <= 1) return parallel_for(Channels, detail::WholeColumn<T, Terms, Finish>{terms, finish, rows});
    static_assert(Terms::count * detail::max_part_threads <= Scratch::capacity_for<double>);
    Scratch scratch;
    double* const partial = scratch.template data<double>();
    parallel_for(parts * Channels, detail::PartOfColumn<Channels, T, Terms>{terms, rows, parts, partial});
    parallel_for(Channels, detail::WholeFromParts<Channels, Terms::count, Finish>{finish, parts, partial});
}

namespace detail {

template <int Channels, class T>
struct OfMatrix {
    static constexpr int count = 1;
    using Values = ValuesOf<T, 1>;
    const T* x;
    CTGAN_HD Values operator()(Index row, int channel) const { return {{x[row * Channels + channel]}}; }
};

template <class T>
struct StoreOrAdd {
    T* y;
    bool add;
    CTGAN_HD void operator()(int channel, const double (&total)[1]) const {
        const T sum = static_cast<T>(total[0]);
        y[channel] = add ? y[channel] + sum : sum;
    }
};

template <int Channels, int Pixels, class T, class F>
struct ScaleChannels {
    F f;
    const T *x, *factor, *value;
    T* y;
    CTGAN_HD void operator()(Index i) const {
        const DivMod<Channels> at(i);
        const Index sample = DivMod<Pixels>(at.quotient).quotient;
        y[i] = f(value[i], x[i] * factor[sample * Channels + at.remainder]);
    }
};

/// [sample][row][column] to [sample][column][row].
template <int Rows, int Columns, class T>
struct Transpose {
    const T* x;
    T* y;
    CTGAN_HD void operator()(Index i) const { // in the order of y: threads write adjacent values
        const DivMod<Rows> at(i);
        const DivMod<Columns> above(at.quotient);
        y[i] = x[(above.quotient * Rows + at.remainder) * Columns + above.remainder];
    }
};

} // namespace detail

/// Batches as matrices of rows by channels.
struct RowOperations {
    /// The sums over rows need no scratch memory of the layer.
    template <int Channels, int Pixels>
    static constexpr MemorySize row_sums_scratch{};

    /// y[c] (+)= sum over rows of x[row][c]: the gradient with respect to a bias.
    template <int Channels, class T>
    static void sum_rows(T* y, const T* x, Index rows, bool add, T* = nullptr) {
        sum_over_rows<Channels, T>(rows, detail::OfMatrix<Channels, T>{x}, detail::StoreOrAdd<T>{y, add});
    }

    /// y[sample][pixel][c] = f(value[sample][pixel][c], x[sample][pixel][c] factor[sample][c]). x and y may
    /// be the same.
    template <int Channels, int Pixels, class T, class F>
    static void scale_channels(T* y, const T* x, const T* factor, const T* value, int batch, F f) {
        parallel_for(Index{batch} * Pixels * Channels,
                     detail::ScaleChannels<Channels, Pixels, T, F>{f, x, factor, value, y});
    }

    /// From PyTorch's order, [sample][c][pixel], to channels last, [sample][pixel][c].
    template <int Channels, int Pixels, class T>
    static void channels_last(T* y, const T* x, int batch) {
        parallel_for(Index{batch} * Channels * Pixels, detail::Transpose<Channels, Pixels, T>{x, y});
    }

    /// From channels last, [sample][pixel][c], to PyTorch's order, [sample][c][pixel].
    template <int Channels, int Pixels, class T>
    static void channels_first(T* y, const T* x, int batch) {
        parallel_for(Index{batch} * Channels * Pixels, detail::Transpose<Pixels, Channels, T>{x, y});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
