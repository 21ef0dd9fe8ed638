#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A batch as a matrix of rows by channels, in blocks of adjacent channels: every reduction over a batch uses
/// them. One thread computes a block, row after row, so the order of its sums is fixed. Only whether there
/// are whole blocks and how many channels the last one has is known at compile time, so layers of different
/// channels share the code.
template <bool has_whole_blocks, int Rest>
struct ChannelBlocks {
    static constexpr int width = 32;
    int channels;

    /// Calls body(first channel, integral_constant<int, channels of the block>) for each block.
    template <class Body>
    void for_each(const Body& body) const {
        const int whole = channels / width;
        parallel_for(whole + (Rest > 0 ? 1 : 0), [&](Index block) {
            const int first = static_cast<int>(block) * width;
            if constexpr (has_whole_blocks) {
                if (block < whole) return body(first, std::integral_constant<int, width>{});
            }
            if constexpr (Rest > 0) body(first, std::integral_constant<int, Rest>{});
        });
    }
};

/// The blocks of that many channels.
template <int Channels>
inline constexpr ChannelBlocks<(Channels >= 32), Channels % 32> channel_blocks{Channels};

/// total[k] = sum over rows r of term(r, k), k < Width: 16 rows at a time are added up in T, their sums in
/// double. PyTorch's CPU backend also adds up in double for batch normalization.
template <int Width, class T, class Term>
inline void sum_over_rows(Array<T, Width>& total, Index rows, const Term& term) {
    constexpr Index segment = 16;
    Array<double, Width> sum = {};
    for (Index begin = 0; begin < rows; begin += segment) {
        Array<T, Width> partial = {};
        const Index end = (std::min)(rows, begin + segment);
        for (Index r = begin; r < end; ++r)
            for (int k = 0; k < Width; ++k) partial[k] += term(r, k);
        for (int k = 0; k < Width; ++k) sum[k] += static_cast<double>(partial[k]);
    }
    for (int k = 0; k < Width; ++k) total[k] = static_cast<T>(sum[k]);
}

/// Batches as matrices of rows by channels.
struct RowOperations {
    /// y[c] (+)= sum over rows of x[row][c]: the gradient with respect to a bias.
    template <int Channels, class T>
    static void sum_rows(T* y, const T* x, Index rows, bool add) {
        sum_blocks(channel_blocks<Channels>, y, x, rows, add);
    }

    /// y[sample][pixel][c] = f(value[sample][pixel][c], x[sample][pixel][c] factor[sample][c]). x and y may
    /// be the same.
    template <int Channels, int Pixels, class T, class F>
    static void scale_channels(T* y, const T* x, const T* factor, const T* value, int batch, F f) {
        parallel_for(batch, [=](Index sample) {
            const T* factors = factor + sample * Channels;
            for (Index p = sample * Pixels; p < (sample + 1) * Pixels; ++p) {
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
    static void sum_blocks(Blocks blocks, T* y, const T* x, Index rows, bool add) {
        blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            Array<T, Width> total;
            sum_over_rows<Width>(total, rows,
                                 [&](Index r, int k) { return x[r * blocks.channels + first + k]; });
            for (int k = 0; k < Width; ++k) y[first + k] = add ? y[first + k] + total[k] : total[k];
        });
    }

    template <int Rows, int Columns, class T>
    static void transpose(T* y, const T* x, int batch) {
        parallel_for(batch, [=](Index sample) {
            cpu::transpose(y + sample * Rows * Columns, Rows, x + sample * Rows * Columns, Columns, Rows,
                           Columns);
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
