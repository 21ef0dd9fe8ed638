#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/kept_channels.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/backend/cpu/transpose.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// The two directions in which a pass runs through a ConvolutionGeometry: from the big image to the small one
/// as Conv2d does, or back as ConvTranspose2d does. Each says where the pixel of a pair lies and which weight
/// joins it.
template <class G>
struct BigToSmall {
    using Geometry = G;
    static constexpr int in_channels = G::big_channels, out_channels = G::small_channels;
    static constexpr int in_pixels = G::big_height * G::big_width,
                         out_pixels = G::small_height * G::small_width;
    static constexpr int in_step = G::stride,
                         out_step = 1; ///< from one pixel of a row to the next, in pixels
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
    static constexpr int in_pixels = G::small_height * G::small_width,
                         out_pixels = G::big_height * G::big_width;
    static constexpr int in_step = 1, out_step = G::stride;
    static constexpr int in_pixel(int row, int column, int, int) { return row * G::small_width + column; }
    static constexpr int out_pixel(int row, int column, int ky, int kx) {
        return BigToSmall<G>::in_pixel(row, column, ky, kx);
    }
    static constexpr bool weights_are_in_out = true;
};

/// A direct convolution with every size known while compiling.
///
/// For one tap (kernel row and column) it is a product of a matrix of pixels and the tap's matrix of weights,
/// over exactly those pairs of pixels that lie inside both images: nothing is spent on padding, and no
/// unfolded copy of the image exists. Some pixels of a row by two packs of output channels stay in registers
/// while the kernel runs along the input channels.
template <class Direction, class T>
struct DirectConvolution {
    using G = typename Direction::Geometry;
    static constexpr int lanes = Pack<T>::size;
    static constexpr int packs = 2;
    static constexpr int width = packs * lanes; ///< output channels of a block
    static constexpr int blocks = (Direction::out_channels + width - 1) / width;
    static constexpr int most_pixels = most_tile_rows;
    /// Whether the kernel reads the weights where they lie; otherwise a tap's weights for a block are copied
    /// to a panel first.
    static constexpr bool weights_in_place =
        Direction::weights_are_in_out && Direction::out_channels % width == 0;
    static constexpr Index weight_step = weights_in_place ? Direction::out_channels : width;
    static constexpr int panel = Direction::in_channels * width;
    static constexpr Index scratch_size = weights_in_place ? 0 : Index{blocks} * G::taps * panel;
    static constexpr int samples_of_a_piece = 2;
    /// Input channels that are summed up before they are added to the result: a sum's rounding error grows
    /// with the lengths of its chains, and of some 64 by 36 chains are as short as those of 2304 numbers get.
    static constexpr int chain = 64;
    using Kept = KeptChannels<Direction::in_channels, chain>;
    static constexpr Index x_step = Index{Direction::in_step} * Direction::in_channels;
    static constexpr Index y_step = Index{Direction::out_step} * Direction::out_channels;

    /// y = f(convolution of x + bias). `factors` of the input's channels, or null.
    template <class F>
    static void run(int batch, const T* x, const T* w, const T* bias, T* y, T* panels, const T* factors,
                    F f) {
        if constexpr (!weights_in_place)
            for_each_piece(Index{blocks} * G::taps, [=](Index piece) {
                pack(static_cast<int>(piece / G::taps), w + piece % G::taps * tap_size,
                     panels + piece * panel);
            });
        const int groups = (batch + samples_of_a_piece - 1) / samples_of_a_piece;
        for_each_piece(Index{groups} * blocks, [=](Index piece) {
            const int block = static_cast<int>(piece) % blocks;
            const int first = static_cast<int>(piece) / blocks * samples_of_a_piece;
            const int last = std::min(batch, first + samples_of_a_piece);
            constexpr int rest = Direction::out_channels - (blocks - 1) * width;
            const T* weights = weights_in_place ? w + block * width : panels + Index{block} * G::taps * panel;
            if (block < blocks - 1)
                compute_block<packs, lanes>(block, first, last, x, weights, bias, y, factors, f);
            else
                compute_block<(rest + lanes - 1) / lanes, (rest - 1) % lanes + 1>(
                    block, first, last, x, weights, bias, y, factors, f);
        });
    }

  private:
    static constexpr Index tap_size = Index{Direction::in_channels} * Direction::out_channels;
    /// From one tap's weights to the next one's.
    static constexpr Index tap_step = weights_in_place ? tap_size : panel;

    /// A tap's weights for a block as the kernel reads them: [in channel][out channel of the block], zero
    /// beyond the last channel.
    static void pack(int block, const T* w, T* to) {
        const int channels = std::min(width, Direction::out_channels - block * width);
        if (channels < width) std::fill_n(to, panel, T{0});
        if constexpr (Direction::weights_are_in_out)
            for (int in = 0; in < Direction::in_channels; ++in)
                std::copy_n(w + Index{in} * Direction::out_channels + block * width, channels,
                            to + in * width);
        else
            transpose(channels, Direction::in_channels, w + Index{block} * width * Direction::in_channels,
                      Direction::in_channels, to, width);
    }

    template <int Packs, int LastLanes, class F>
    static void compute_block(int block, int first, int last, const T* x, const T* weights, const T* bias,
                              T* y, const T* factors, F f) {
        constexpr int channels = (Packs - 1) * lanes + LastLanes;
        x += Index{first} * Direction::in_pixels * Direction::in_channels;
        y += Index{first} * Direction::out_pixels * Direction::out_channels + block * width;
        T start[channels] = {};
        if (bias) std::copy_n(bias + block * width, channels, start);
        for (Index p = 0; p < Index{last - first} * Direction::out_pixels; ++p) {
            T* pixel = y + p * Direction::out_channels;
            for (int c = 0; c < channels; ++c) pixel[c] = start[c];
        }
        Kept kept[samples_of_a_piece];
        if (factors)
            for (int sample = first; sample < last; ++sample)
                kept[sample - first].find(factors + Index{sample} * Direction::in_channels);
        for (int ky = 0; ky < G::kernel; ++ky)
            for (int kx = 0; kx < G::kernel; ++kx, weights += tap_step)
                for (int sample = 0; sample < last - first; ++sample)
                    add_tap<Packs, LastLanes>(
                        ky, kx, x + Index{sample} * Direction::in_pixels * Direction::in_channels, weights,
                        y + Index{sample} * Direction::out_pixels * Direction::out_channels,
                        factors ? &kept[sample] : nullptr);
        if constexpr (!std::is_same_v<F, Identity>)
            for (Index p = 0; p < Index{last - first} * Direction::out_pixels; ++p) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (int c = 0; c < channels; ++c)
                    y[p * Direction::out_channels + c] = f(y[p * Direction::out_channels + c]);
            }
    }

    /// One tap's share of one sample.
    template <int Packs, int LastLanes>
    static void add_tap(int ky, int kx, const T* x, const T* weights, T* y, const Kept* kept) {
        const auto rows = G::rows(ky), columns = G::columns(kx);
        if (columns.size() == 0) return;
        const Parts parts{columns.size(), most_pixels};
        for (int row = rows.begin; row < rows.end; ++row)
            for (int part = 0; part < parts.count(); ++part) {
                const int column = columns.begin + parts.begin(part);
                const T* from = x + Index{Direction::in_pixel(row, column, ky, kx)} * Direction::in_channels;
                T* to = y + Index{Direction::out_pixel(row, column, ky, kx)} * Direction::out_channels;
                choose_tile<Packs, LastLanes, most_pixels>(parts.size(part), from, weights, to, kept);
            }
    }

    /// Whether some row of some tap is cut into a part of this many pixels.
    static constexpr bool occurs(int pixels) {
        for (int kx = 0; kx < G::kernel; ++kx) {
            const Parts parts{G::columns(kx).size(), most_pixels};
            if (parts.total > 0 && (pixels == parts.smallest() || pixels == parts.largest())) return true;
        }
        return false;
    }

    /// The kernel for a number of pixels known at run time, among those that the geometry can ask for.
    template <int Packs, int LastLanes, int Pixels>
    static void choose_tile(int pixels, const T* x, const T* weights, T* y, const Kept* kept) {
        if constexpr (occurs(Pixels)) {
            if (pixels == Pixels) return add_tile<Packs, LastLanes, Pixels>(x, weights, y, kept);
        }
        if constexpr (Pixels > 1) choose_tile<Packs, LastLanes, Pixels - 1>(pixels, x, weights, y, kept);
    }

    /// y[pixel][out] += sum over in of x[pixel][in] weights[in][out], the sums in registers, some input
    /// channels at a time.
    template <int Packs, int LastLanes, int Pixels>
    static void add_tile(const T* x, const T* weights, T* y, const Kept* kept) {
        for (int number = 0; number < Kept::stretches; ++number)
            if (kept)
                add_listed_chain<Packs, LastLanes, Pixels>(x, weights, y, kept->list(number),
                                                           kept->count(number));
            else
                add_chain<Packs, LastLanes, Pixels>(x, weights, y, number * chain,
                                                    std::min((number + 1) * chain, Direction::in_channels));
    }

    /// Out of line, as the one below: g++ otherwise keeps a tile of one call in memory for the sake
    /// of another (conv2 to its input at batch 4: 57 GFLOP/s on one core instead of 113).
    template <int Packs, int LastLanes, int Pixels>
    [[gnu::noinline]] static void add_chain(const T* x, const T* weights, T* y, int begin, int end) {
        RegisterTile<T, Pixels, Packs> tile;
        tile.clear();
        tile.template add_product<x_step, 1, weight_step>(end - begin, x + begin,
                                                          weights + begin * weight_step);
        add_to<Packs, LastLanes>(tile, y);
    }

    template <int Packs, int LastLanes, int Pixels>
    [[gnu::noinline]] static void add_listed_chain(const T* x, const T* weights, T* y, const int* channels,
                                                   int count) {
        RegisterTile<T, Pixels, Packs> tile;
        tile.clear();
        tile.template add_listed_product<x_step, weight_step>(channels, count, x, weights);
        add_to<Packs, LastLanes>(tile, y);
    }

    template <int Packs, int LastLanes, int Pixels>
    CTGAN_INLINE static void add_to(const RegisterTile<T, Pixels, Packs>& tile, T* y) {
        CTGAN_UNROLL
        for (int p = 0; p < Pixels; ++p) {
            CTGAN_UNROLL
            for (int q = 0; q < Packs; ++q) {
                T* to = y + p * y_step + q * lanes;
                if (q < Packs - 1 || LastLanes == lanes)
                    (Pack<T>::load(to) + tile.sum[p][q]).store(to);
                else
                    (Pack<T>::load_first(to, LastLanes) + tile.sum[p][q]).store_first(to, LastLanes);
            }
        }
    }
};

} // namespace ctgan::cpu
