#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/image_steps.hpp>
#include <ctgan/backend/cpu/kept_channels.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/row_function.hpp>
#include <ctgan/backend/cpu/tile_product.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Some samples of a batch, and some rows of their images.
struct SampleRange {
    int first, last;         ///< last is one past the end
    int first_row, last_row; ///< of each sample's result; all of them if there are several samples
};

/// Kernels for tiles of so many pixels, for the last block if it fills one pack at most, and for all others;
/// null where there are no such tiles. `Kernel` is the type of add_product() or add_listed_product().
template <class Kernel>
struct DirectKernels {
    Array<Array<Kernel*, 2>, max_tile_rows + 1> of;
};

/// How many packs of output channels a block has.
template <class T>
constexpr int direct_packs(int out_channels) {
    return four_packs_pay<T> && out_channels % (4 * Pack<T>::size) == 0 ? 4 : 2;
}
/// How many pixels a tile has at most.
constexpr int direct_max_pixels(int packs) { return packs == 4 ? max_rows_of_four_packs : max_tile_rows; }

/// A direct convolution.
///
/// For one tap (kernel row and column) it is the matrix product of the pixels and the tap's weights,
/// over exactly those pairs of pixels that are inside both images: no work is spent on padding, and there is
/// no unfolded copy of the image. A tile of some pixels of a row by a block of output channels stays in
/// registers while the kernel runs along the input channels.
///
/// All geometries share this code and its kernels. Which tiles occur is known at compile time, so only their
/// kernels are compiled.
template <class T>
struct DirectConvolution {
    TapRanges ranges;
    ImageSteps in, out;
    bool weights_are_in_out; ///< a tap's weights are [in][out] in memory; else [out][in]
    DirectKernels<AddProduct<T>> kernels;

    static constexpr int lanes = Pack<T>::size;
    static constexpr int max_width = 4 * lanes;
    /// Two samples that share the weights in the cache, if that gives so many chunks, otherwise one, or, in a
    /// small batch, only some rows of one.
    static constexpr int max_samples_per_chunk = 2, chunks_for_pairs = 32;
    static constexpr int chunks_for_images = 16;
    /// Half of a small image of seven rows if there are only half as many blocks.
    constexpr int min_rows() const { return packs() == 4 ? 3 : 4; }
    /// How many input channels are summed before their sum is added to the result. The rounding error of a
    /// sum grows with its length: 36 sums of 64 values (36 taps of 64 channels) have a smaller error than one
    /// sum of 2304 values.
    static constexpr int channels_per_sum = 64;

    constexpr int packs() const { return direct_packs<T>(out.channels); }
    constexpr int width() const { return packs() * lanes; } ///< output channels of a block
    constexpr int blocks() const { return (out.channels + width() - 1) / width(); }
    /// Whether the kernel reads the weights in place; otherwise a tap's weights for a block are first copied
    /// to a panel.
    constexpr bool weights_in_place() const { return weights_are_in_out && out.channels % width() == 0; }
    constexpr Index panel() const { return Index{in.channels} * width(); }
    constexpr Index scratch_size() const {
        return weights_in_place() ? 0 : Index{blocks()} * ranges.taps() * panel();
    }
    /// From the weights of a tap to those of the next one: the matrices of all groups.
    constexpr Index tap_weights() const {
        return weights_are_in_out ? Index{in.pixel} * out.channels : Index{out.pixel} * in.channels;
    }

    /// output = f(convolution of input + bias).
    CTGAN_SHARED void run(const ConvolutionOperands<T>& operands, RowFunction<T> f) const;

    /// The same with only those channels of the input whose factors are not zero. `InChannels` is
    /// in.channels.
    template <int InChannels>
    void run_kept(const ConvolutionOperands<T>& operands, const T* factors,
                  const DirectKernels<AddListedProduct<T>>& listed_kernels, RowFunction<T> f) const {
        if (!weights_in_place()) pack_weights(operands);
        for_each_block(operands.batch, [&](int block, SampleRange samples) {
            KeptChannels<InChannels, channels_per_sum> memory[max_samples_per_chunk];
            KeptList lists[max_samples_per_chunk];
            for (int sample = samples.first; sample < samples.last; ++sample) {
                KeptList& list = lists[sample - samples.first] = memory[sample - samples.first].list();
                list.find(factors + Index{sample} * InChannels);
            }
            compute_block(operands, block, samples, {lists, &listed_kernels}, f);
        });
    }

  private:
    /// The channels of some samples that dropout kept, and the kernels for them; null if all were kept.
    struct Kept {
        const KeptList* lists = nullptr; ///< for each sample
        const DirectKernels<AddListedProduct<T>>* kernels = nullptr;
    };

    /// Calls body(block, samples) for all blocks of output channels and all samples. Adjacent chunks share a
    /// block, whose weights stay in a core's cache.
    template <class Body>
    void for_each_block(int batch, const Body& body) const {
        const int count = blocks(), pairs = (batch + 1) / 2;
        if (pairs * count >= chunks_for_pairs)
            return parallel_for(Index{pairs} * count, [&, pairs](Index chunk) {
                const int first = static_cast<int>(chunk) % pairs * 2;
                body(static_cast<int>(chunk) / pairs,
                     SampleRange{first, (std::min)(batch, first + 2), 0, out.height});
            });
        const int per_image = (std::max)(1, batch * count), wanted = (chunks_for_images - 1) / per_image + 1;
        const int parts = (std::max)(1, (std::min)(wanted, out.height / min_rows()));
        const int of_block = batch * parts;
        parallel_for(Index{of_block} * count, [&, of_block, parts](Index chunk) {
            const int within = static_cast<int>(chunk) % of_block;
            const int sample = within / parts, part = within % parts;
            body(static_cast<int>(chunk) / of_block,
                 SampleRange{sample, sample + 1, out.height * part / parts, out.height * (part + 1) / parts});
        });
    }

    CTGAN_SHARED void pack_weights(const ConvolutionOperands<T>& operands) const;
    CTGAN_SHARED void compute_block(const ConvolutionOperands<T>& operands, int block, SampleRange samples,
                                    Kept kept, RowFunction<T> f) const;
    void add_tap(T* y, const T* x, const T* weights, Index weight_step, Kept kept, int ky, int kx,
                 ConvolutionRange rows, int channels) const;
};

// Outside of the class, so that they are not inline: a program may compile them once (kernels.hpp).

template <class T>
void DirectConvolution<T>::run(const ConvolutionOperands<T>& operands, RowFunction<T> f) const {
    if (!weights_in_place()) pack_weights(operands);
    for_each_block(operands.batch,
                   [&](int block, SampleRange samples) { compute_block(operands, block, samples, {}, f); });
}

/// Copies each tap's weights for each block as the kernel reads them: [in channel][out channel of the block],
/// zero beyond the last channel.
template <class T>
void DirectConvolution<T>::pack_weights(const ConvolutionOperands<T>& operands) const {
    parallel_for(Index{blocks()} * ranges.taps(), [&](Index chunk) {
        T* const to = operands.scratch + chunk * panel();
        const T* const w = operands.weight + chunk % ranges.taps() * tap_weights();
        const int step = width(), first = static_cast<int>(chunk) / ranges.taps() * step;
        const int channels = (std::min)(step, out.channels - first);
        if (channels < step) std::fill_n(to, panel(), T{0});
        if (weights_are_in_out)
            for (int c = 0; c < in.channels; ++c)
                std::copy_n(w + Index{c} * out.channels + first, channels, to + c * step);
        else
            transpose(to, step, w + Index{first} * in.channels, in.channels, channels, in.channels);
    });
}

template <class T>
void DirectConvolution<T>::compute_block(const ConvolutionOperands<T>& operands, int block,
                                         SampleRange samples, Kept kept, RowFunction<T> f) const {
    const int first_channel = block * width();
    const int channels = (std::min)(width(), out.channels - first_channel);
    const T* const x = operands.input + samples.first * in.size();
    T* const y = operands.output + samples.first * out.size() + first_channel;
    T* const first_pixel = y + samples.first_row * out.image_row();
    const int count = samples.last - samples.first;
    const Index out_pixels = Index{count} * (samples.last_row - samples.first_row) * out.width;
    Array<T, max_width> start = {};
    if (operands.bias) std::copy_n(operands.bias + first_channel, channels, start);
    for (Index p = 0; p < out_pixels; ++p)
        if (T* const pixel = first_pixel + p * out.pixel;
            channels == width()) // copies of known size are faster
            for (int c = 0; c < channels; c += 2 * lanes) std::copy_n(start + c, 2 * lanes, pixel + c);
        else
            std::copy_n(start, channels, pixel);

    const bool in_place = weights_in_place();
    const T* weights = in_place ? operands.weight + first_channel
                                : operands.scratch + Index{block} * ranges.taps() * panel();
    const Index weight_step = in_place ? out.channels : width();
    const Index tap_step = in_place ? tap_weights() : panel();
    for (int ky = 0; ky < ranges.kernel_rows; ++ky) {
        const ConvolutionRange rows =
            out.pairs_in_rows(ranges.rows[ky], ky, samples.first_row, samples.last_row);
        for (int kx = 0; kx < ranges.kernel_columns; ++kx, weights += tap_step)
            for (int sample = 0; sample < count; ++sample)
                add_tap(y + sample * out.size(), x + sample * in.size(), weights, weight_step,
                        {kept.lists ? kept.lists + sample : nullptr, kept.kernels}, ky, kx, rows, channels);
    }
    f(first_pixel, out_pixels, out.pixel, channels);
}

/// The contribution of some rows of one tap to one sample: y[pixel][out] += sum over in of x[pixel][in]
/// weights[in][out], some input channels at a time.
template <class T>
void DirectConvolution<T>::add_tap(T* y, const T* x, const T* weights, Index weight_step, Kept kept, int ky,
                                   int kx, ConvolutionRange rows, int channels) const {
    const ConvolutionRange columns = ranges.columns[kx];
    if (rows.size() == 0 || columns.size() == 0) return;
    const Parts parts{columns.size(), direct_max_pixels(packs())};
    const int kind = channels > lanes ? 1 : 0;
    const int count = parts.count();
    for (int part = 0, begin = 0, end; part < count; ++part, begin = end) {
        end = part < count - 1 ? parts.begin(part + 1) : columns.size();
        const int column = columns.begin + begin, pixels = end - begin;
        const TilesOfResult<T> to{y + out.at(rows.begin, column, ky, kx), out.column, rows.size(), out.row};
        const T* const from = x + in.at(rows.begin, column, ky, kx);
        for (int first = 0; first < in.channels; first += channels_per_sum)
            if (kept.lists)
                kept.kernels->of[pixels][kind](to, channels, {from, weights}, in.row, in.column, weight_step,
                                               kept.lists->segment(first / channels_per_sum));
            else
                kernels.of[pixels][kind](to, channels, {from + first, weights + first * weight_step}, in.row,
                                         in.column, weight_step,
                                         (std::min)(channels_per_sum, in.channels - first));
    }
}

namespace detail {

/// Whether some row of some tap of a geometry has a part of this many pixels.
template <class G>
constexpr bool tile_occurs(int pixels, int max_pixels) {
    for (int kx = 0; kx < G::kernel_width; ++kx) {
        const Parts parts{G::columns(kx).size(), max_pixels};
        if (parts.total > 0 && (pixels == parts.smallest() || pixels == parts.largest())) return true;
    }
    return false;
}

/// Adds the kernels for tiles of at most `Pixels` pixels: at [pixels][kind].
template <class G, int BlockPacks, int Packs, int Pixels, class T, class Kernel>
constexpr void add_kernels(DirectKernels<Kernel>& kernels, int kind) {
    if constexpr (tile_occurs<G>(Pixels, direct_max_pixels(BlockPacks))) {
        if constexpr (std::is_same_v<Kernel, AddProduct<T>>)
            kernels.of[Pixels][kind] = &add_product<Pixels, Packs, T>;
        else
            kernels.of[Pixels][kind] = &add_listed_product<Pixels, Packs, T>;
    }
    if constexpr (Pixels > 1) add_kernels<G, BlockPacks, Packs, Pixels - 1, T>(kernels, kind);
}

/// The kernels that a geometry needs.
template <class G, int OutChannels, class T, class Kernel>
constexpr DirectKernels<Kernel> kernels_of() {
    constexpr int packs = direct_packs<T>(OutChannels), max_pixels = direct_max_pixels(packs);
    constexpr int last = (OutChannels - 1) % (packs * Pack<T>::size) + 1;
    DirectKernels<Kernel> kernels{};
    if constexpr (OutChannels > Pack<T>::size) add_kernels<G, packs, packs, max_pixels, T>(kernels, 1);
    if constexpr (last <= Pack<T>::size) add_kernels<G, packs, 1, max_pixels, T>(kernels, 0);
    return kernels;
}

} // namespace detail

/// From the big image to the small one, as in Conv2d.
template <class G, class T>
inline constexpr DirectConvolution<T> big_to_small{tap_ranges<G>, big_image_steps<G>, small_image_steps<G>,
                                                   false,
                                                   detail::kernels_of<G, G::small_group, T, AddProduct<T>>()};
template <class G, class T>
inline constexpr DirectKernels<AddListedProduct<T>>
    listed_big_to_small = detail::kernels_of<G, G::small_channels, T, AddListedProduct<T>>();

/// From the small image to the big one, as in ConvTranspose2d.
template <class G, class T>
inline constexpr DirectConvolution<T> small_to_big{tap_ranges<G>, small_image_steps<G>, big_image_steps<G>,
                                                   true,
                                                   detail::kernels_of<G, G::big_group, T, AddProduct<T>>()};
template <class G, class T>
inline constexpr DirectKernels<AddListedProduct<T>>
    listed_small_to_big = detail::kernels_of<G, G::big_channels, T, AddListedProduct<T>>();

} // namespace ctgan::inline CTGAN_ABI::cpu
