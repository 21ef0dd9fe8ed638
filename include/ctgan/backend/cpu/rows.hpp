#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/config.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// A batch as a matrix of rows by channels, in blocks of neighbouring channels: what every reduction over a
/// batch is made of. A block is computed by one thread, row after row, so its sums have one order.
template <int Channels>
struct ChannelBlocks {
    static constexpr int most = 32;
    static constexpr int whole = Channels / most;
    static constexpr int rest = Channels % most;
    static constexpr int count = whole + (rest > 0 ? 1 : 0);

    /// Calls body(first channel, integral_constant<int, channels of the block>) for each block.
    template <class Body>
    static void for_each(const Body& body) {
        for_each_piece(count, [&](Index block) {
            const int first = static_cast<int>(block) * most;
            if constexpr (whole > 0) {
                if (block < whole) return body(first, std::integral_constant<int, most>{});
            }
            if constexpr (rest > 0) body(first, std::integral_constant<int, rest>{});
        });
    }
};

/// total[k] = sum over rows r of term(r, k), k < Width: stretches of 16 rows in T, their sums in double, as
/// PyTorch's CPU adds up what batch normalization needs in double.
template <int Width, class T, class Term>
inline void sum_over_rows(Index rows, T (&total)[Width], const Term& term) {
    constexpr Index stretch = 16;
    double sum[Width] = {};
    for (Index begin = 0; begin < rows; begin += stretch) {
        T partial[Width] = {};
        const Index end = std::min(rows, begin + stretch);
        for (Index r = begin; r < end; ++r)
            for (int k = 0; k < Width; ++k) partial[k] += term(r, k);
        for (int k = 0; k < Width; ++k) sum[k] += static_cast<double>(partial[k]);
    }
    for (int k = 0; k < Width; ++k) total[k] = static_cast<T>(sum[k]);
}

/// Batches as matrices of rows by channels.
struct RowVerbs {
    /// y[c] (+)= sum over rows of x[row][c]: a bias's gradient.
    template <int Channels, class T>
    static void sum_rows(Index rows, const T* x, T* y, bool add) {
        ChannelBlocks<Channels>::for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            T total[Width];
            sum_over_rows(rows, total, [&](Index r, int k) { return x[r * Channels + first + k]; });
            for (int k = 0; k < Width; ++k) y[first + k] = add ? y[first + k] + total[k] : total[k];
        });
    }

    /// y[sample][pixel][c] = f(value[sample][pixel][c], x[sample][pixel][c] factor[sample][c]). x and y may
    /// be the same.
    template <int Channels, int Pixels, class T, class F>
    static void scale_channels(int batch, const T* x, const T* factor, T* y, const T* value, F f) {
        for_each_piece(batch, [=](Index sample) {
            const T* factors = factor + sample * Channels;
            for (Index p = sample * Pixels; p < (sample + 1) * Pixels; ++p) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (Index c = p * Channels; c < (p + 1) * Channels; ++c)
                    y[c] = f(value[c], x[c] * factors[c - p * Channels]);
            }
        });
    }

    /// [sample][c][pixel], PyTorch's order, to [sample][pixel][c], ours.
    template <int Channels, int Pixels, class T>
    static void channels_last(int batch, const T* x, T* y) {
        transpose<Channels, Pixels>(batch, x, y);
    }

    /// [sample][pixel][c] to [sample][c][pixel].
    template <int Channels, int Pixels, class T>
    static void channels_first(int batch, const T* x, T* y) {
        transpose<Pixels, Channels>(batch, x, y);
    }

  private:
    template <int Rows, int Columns, class T>
    static void transpose(int batch, const T* x, T* y) {
        for_each_piece(batch, [=](Index sample) {
            cpu::transpose(Rows, Columns, x + sample * Rows * Columns, Columns, y + sample * Rows * Columns,
                           Rows);
        });
    }
};

} // namespace ctgan::cpu
