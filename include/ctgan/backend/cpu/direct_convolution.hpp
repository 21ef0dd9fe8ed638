#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/kept_channels.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The two directions of a ConvolutionGeometry: from the big image to the small one as in Conv2d, or back as
/// in ConvTranspose2d. Each gives the positions of the two pixels of a pair and the order of a tap's weights.
template <class G>
struct BigToSmall {
    using Geometry = G;
    static constexpr int in_channels = G::big_channels, out_channels = G::small_channels;
    static constexpr int in_pixels = G::big_height * G::big_width;
    static constexpr int out_pixels = G::small_height * G::small_width;
    static constexpr int in_step = G::stride; ///< from one pair of a row to the next, in pixels
    static constexpr int out_step = 1;
    static constexpr int in_pixel(int row, int column, int ky, int kx) {
        return (row * G::stride - G::padding + ky) * G::big_width + column * G::stride - G::padding + kx;
    }
    static constexpr int out_pixel(int row, int column, int, int) { return row * G::small_width + column; }
    static constexpr bool weights_are_in_out = false; ///< a tap's weights are [out][in] in memory
};

template <class G>
struct SmallToBig {
    using Geometry = G;
    static constexpr int in_channels = G::small_channels, out_channels = G::big_channels;
    static constexpr int in_pixels = G::small_height * G::small_width;
    static constexpr int out_pixels = G::big_height * G::big_width;
    static constexpr int in_step = 1, out_step = G::stride;
    static constexpr int in_pixel(int row, int column, int, int) { return row * G::small_width + column; }
    static constexpr int out_pixel(int row, int column, int ky, int kx) {
        return BigToSmall<G>::in_pixel(row, column, ky, kx);
    }
    static constexpr bool weights_are_in_out = true;
};

/// Some samples of a batch.
struct SampleRange {
    int first, last; ///< last is one past the end
};

/// A direct convolution with every size known at compile time.
///
/// For one tap (kernel row and column) it is the matrix product of the pixels and the tap's weights,
/// over exactly those pairs of pixels that are inside both images: no work is spent on padding, and there is
/// no unfolded copy of the image. A tile of some pixels of a row by two packs of output channels stays in
/// registers while the kernel runs along the input channels.
template <class Direction, class T>
struct DirectConvolution {
    using G = typename Direction::Geometry;
    static constexpr int lanes = Pack<T>::size;
    static constexpr int packs = 2;
    static constexpr int width = packs * lanes; ///< output channels of a block
    static constexpr int blocks = (Direction::out_channels + width - 1) / width;
    /// Whether the kernel reads the weights in place; otherwise a tap's weights for a block are first copied
    /// to a panel.
    static constexpr bool weights_in_place =
        Direction::weights_are_in_out && Direction::out_channels % width == 0;
    static constexpr Index weight_step = weights_in_place ? Direction::out_channels : width;
    static constexpr int panel = Direction::in_channels * width;
    static constexpr Index scratch_size = weights_in_place ? 0 : Index{blocks} * G::taps * panel;

    /// output = f(convolution of input + bias).
    template <class F>
    static void run(const ConvolutionOperands<T>& operands, F f) {
        T* const panels = operands.scratch;
        if constexpr (!weights_in_place) {
            const T* const w = operands.weight;
            parallel_for(Index{blocks} * G::taps, [=](Index chunk) {
                pack_weights(panels + chunk * panel, w + chunk % G::taps * tap_size,
                             static_cast<int>(chunk / G::taps));
            });
        }
        const int groups = (operands.batch + samples_per_chunk - 1) / samples_per_chunk;
        parallel_for(Index{groups} * blocks, [=](Index chunk) {
            const int block = static_cast<int>(chunk) % blocks;
            const int first = static_cast<int>(chunk) / blocks * samples_per_chunk;
            const SampleRange samples{first, (std::min)(operands.batch, first + samples_per_chunk)};
            constexpr int rest = Direction::out_channels - (blocks - 1) * width;
            const T* weights =
                weights_in_place ? operands.weight + block * width : panels + Index{block} * G::taps * panel;
            if (block < blocks - 1)
                compute_block<packs, lanes>(operands, weights, block, samples, f);
            else
                compute_block<(rest + lanes - 1) / lanes, (rest - 1) % lanes + 1>(operands, weights, block,
                                                                                  samples, f);
        });
    }

  private:
    static constexpr int samples_per_chunk = 2;
    /// How many input channels are summed before their sum is added to the result. The rounding error of a
    /// sum grows with its length: 36 sums of 64 values (36 taps of 64 channels) have a smaller error than one
    /// sum of 2304 values.
    static constexpr int channels_per_sum = 64;
    using Kept = KeptChannels<Direction::in_channels, channels_per_sum>;
    static constexpr Index x_step = Index{Direction::in_step} * Direction::in_channels;
    static constexpr Index y_step = Index{Direction::out_step} * Direction::out_channels;
    static constexpr Index x_size = Index{Direction::in_pixels} * Direction::in_channels;
    static constexpr Index y_size = Index{Direction::out_pixels} * Direction::out_channels;
    static constexpr Index tap_size = Index{Direction::in_channels} * Direction::out_channels;
    /// From the weights of one tap to those of the next.
    static constexpr Index tap_step = weights_in_place ? tap_size : panel;

    /// A tap's weights for a block as the kernel reads them: [in channel][out channel of the block], zero
    /// beyond the last channel.
    static void pack_weights(T* to, const T* w, int block) {
        const int channels = (std::min)(width, Direction::out_channels - block * width);
        if (channels < width) std::fill_n(to, panel, T{0});
        if constexpr (Direction::weights_are_in_out)
            for (int in = 0; in < Direction::in_channels; ++in)
                std::copy_n(w + Index{in} * Direction::out_channels + block * width, channels,
                            to + in * width);
        else
            transpose(to, width, w + Index{block} * width * Direction::in_channels, Direction::in_channels,
                      channels, Direction::in_channels);
    }

    template <int Packs, int LastLanes, class F>
    static void compute_block(const ConvolutionOperands<T>& operands, const T* weights, int block,
                              SampleRange samples, F f) {
        constexpr int channels = (Packs - 1) * lanes + LastLanes;
        const T* const x = operands.input + samples.first * x_size;
        T* const y = operands.output + samples.first * y_size + block * width;
        const int count = samples.last - samples.first;
        Array<T, channels> start = {};
        if (operands.bias) std::copy_n(operands.bias + block * width, channels, start);
        for (Index p = 0; p < Index{count} * Direction::out_pixels; ++p) {
            T* pixel = y + p * Direction::out_channels;
            for (int c = 0; c < channels; ++c) pixel[c] = start[c];
        }
        const T* const factors = operands.input_factors;
        Kept kept[samples_per_chunk];
        if (factors)
            for (int sample = 0; sample < count; ++sample)
                kept[sample].find(factors + Index{samples.first + sample} * Direction::in_channels);
        for (int ky = 0; ky < G::kernel; ++ky)
            for (int kx = 0; kx < G::kernel; ++kx, weights += tap_step)
                for (int sample = 0; sample < count; ++sample)
                    add_tap<Packs, LastLanes>(y + sample * y_size, x + sample * x_size, weights,
                                              factors ? &kept[sample] : nullptr, ky, kx);
        if constexpr (!std::is_same_v<F, Identity>)
            for (Index p = 0; p < Index{count} * Direction::out_pixels; ++p) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (int c = 0; c < channels; ++c)
                    y[p * Direction::out_channels + c] = f(y[p * Direction::out_channels + c]);
            }
    }

    /// The contribution of one tap to one sample.
    template <int Packs, int LastLanes>
    static void add_tap(T* y, const T* x, const T* weights, const Kept* kept, int ky, int kx) {
        const auto rows = G::rows(ky), columns = G::columns(kx);
        if (columns.size() == 0) return;
        const Parts parts{columns.size(), max_tile_rows};
        for (int row = rows.begin; row < rows.end; ++row)
            for (int part = 0; part < parts.count(); ++part) {
                const int column = columns.begin + parts.begin(part);
                const T* from = x + Index{Direction::in_pixel(row, column, ky, kx)} * Direction::in_channels;
                T* to = y + Index{Direction::out_pixel(row, column, ky, kx)} * Direction::out_channels;
                choose_tile<Packs, LastLanes, max_tile_rows>(to, from, weights, kept, parts.size(part));
            }
    }

    /// Whether some row of some tap has a part of this many pixels.
    static constexpr bool occurs(int pixels) {
        for (int kx = 0; kx < G::kernel; ++kx) {
            const Parts parts{G::columns(kx).size(), max_tile_rows};
            if (parts.total > 0 && (pixels == parts.smallest() || pixels == parts.largest())) return true;
        }
        return false;
    }

    /// Calls the kernel for a number of pixels that is known at run time. Only the numbers that occur in the
    /// geometry are compiled.
    template <int Packs, int LastLanes, int Pixels>
    static void choose_tile(T* y, const T* x, const T* weights, const Kept* kept, int pixels) {
        if constexpr (occurs(Pixels)) {
            if (pixels == Pixels) return add_tile<Packs, LastLanes, Pixels>(y, x, weights, kept);
        }
        if constexpr (Pixels > 1) choose_tile<Packs, LastLanes, Pixels - 1>(y, x, weights, kept, pixels);
    }

    /// y[pixel][out] += sum over in of x[pixel][in] weights[in][out], in registers, some input channels at a
    /// time.
    template <int Packs, int LastLanes, int Pixels>
    static void add_tile(T* y, const T* x, const T* weights, const Kept* kept) {
        for (int segment = 0; segment < Kept::segments; ++segment)
            if (kept)
                add_listed_segment<Packs, LastLanes, Pixels>(y, x, weights, kept->list(segment),
                                                             kept->count(segment));
            else
                add_segment<Packs, LastLanes, Pixels>(
                    y, x, weights, segment * channels_per_sum,
                    (std::min)((segment + 1) * channels_per_sum, Direction::in_channels));
    }

    /// Not inlined, and neither is the function below: otherwise g++ keeps the tile of one call in memory
    /// because of another call (conv2 to its input at batch 4: 57 GFLOP/s on one core instead of 113).
    template <int Packs, int LastLanes, int Pixels>
    CTGAN_NOINLINE static void add_segment(T* y, const T* x, const T* weights, int begin, int end) {
        RegisterTile<T, Pixels, Packs> tile;
        tile.clear();
        tile.template add_product<x_step, 1, weight_step>(x + begin, weights + begin * weight_step,
                                                          end - begin);
        add_to<Packs, LastLanes>(y, tile);
    }

    template <int Packs, int LastLanes, int Pixels>
    CTGAN_NOINLINE static void add_listed_segment(T* y, const T* x, const T* weights, const int* channels,
                                                  int count) {
        RegisterTile<T, Pixels, Packs> tile;
        tile.clear();
        tile.template add_listed_product<x_step, weight_step>(x, weights, channels, count);
        add_to<Packs, LastLanes>(y, tile);
    }

    template <int Packs, int LastLanes, int Pixels>
    CTGAN_INLINE static void add_to(T* y, const RegisterTile<T, Pixels, Packs>& tile) {
        CTGAN_UNROLL
        for (int p = 0; p < Pixels; ++p) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q)
                tile.sum[p][q].add_to(y + p * y_step + q * lanes, q < Packs - 1 ? lanes : LastLanes);
        }
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
