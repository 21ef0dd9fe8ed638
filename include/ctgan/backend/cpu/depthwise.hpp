#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/image_steps.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/row_function.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Some pixels of a row of pairs in one image.
template <class T>
struct PixelRow {
    T* at;
    Index step; ///< from one pixel to the next
};

/// y[pixel][c] += x[pixel][c] w[c] for `Packs` packs of channels.
template <int Packs, class T>
CTGAN_SHARED void add_channel_products(PixelRow<T> y, PixelRow<const T> x, const T* w, int pixels) {
    constexpr int lanes = Pack<T>::size;
    Array<Pack<T>, Packs> weight;
    CTGAN_UNROLL
    for (int q = 0; q < Packs; ++q) weight[q] = Pack<T>::load(w + q * lanes);
    for (int p = 0; p < pixels; ++p, y.at += y.step, x.at += x.step) {
        CTGAN_UNROLL
        for (int q = 0; q < Packs; ++q)
            multiply_add(Pack<T>::load(x.at + q * lanes), weight[q], Pack<T>::load(y.at + q * lanes))
                .store(y.at + q * lanes);
    }
}

/// sums[c] += sum over pixels of x[pixel][c] y[pixel][c] for `Packs` packs of channels.
template <int Packs, class T>
CTGAN_SHARED void sum_channel_products(T* sums, PixelRow<const T> y, PixelRow<const T> x, int pixels) {
    constexpr int lanes = Pack<T>::size;
    Array<Pack<T>, Packs> sum;
    CTGAN_UNROLL
    for (int q = 0; q < Packs; ++q) sum[q] = Pack<T>(T{0});
    for (int p = 0; p < pixels; ++p, y.at += y.step, x.at += x.step) {
        CTGAN_UNROLL
        for (int q = 0; q < Packs; ++q)
            sum[q] = multiply_add(Pack<T>::load(x.at + q * lanes), Pack<T>::load(y.at + q * lanes), sum[q]);
    }
    CTGAN_UNROLL
    for (int q = 0; q < Packs; ++q) sum[q].add_to(sums + q * lanes);
}

/// A depthwise convolution: the groups of one image, the narrow one, have a single channel, those of the
/// other one `Multiplier`. So there is one weight for each tap and each channel of the wide image. Channels
/// are adjacent in memory, and the loops over them are those over vectors.
template <class T, int Multiplier>
struct DepthwiseConvolution {
    TapRanges ranges;
    ImageSteps big, small_;

    static constexpr int lanes = Pack<T>::size;

    constexpr int narrow_channels() const { return (std::min)(big.pixel, small_.pixel); }
    constexpr int wide_channels() const { return (std::max)(big.pixel, small_.pixel); }
    /// For the weight's gradient: a sum for each sample.
    constexpr MemorySize gradient_scratch() const {
        return {aligned(Index{ranges.taps()} * wide_channels()), 0};
    }

    /// The result's image is `out`. output = f(convolution of input + bias).
    void run(const ImageSteps& in, const ImageSteps& out, const ConvolutionOperands<T>& operands,
             RowFunction<T> f) const;
    /// weight_gradient (+)= the gradient.
    void to_weight(const ConvolutionGradientOperands<T>& operands) const;

  private:
    /// The rows of a chunk, for results of about this many values.
    static constexpr int values_per_chunk = 8192;
    constexpr Parts row_parts(const ImageSteps& out) const {
        return {out.height, (std::max)(1, values_per_chunk / (out.width * out.pixel))};
    }
    /// The narrow channels of a chunk of the gradient.
    static constexpr int channels_per_chunk = (std::max)(1, 64 / Multiplier);
    constexpr int channel_parts() const {
        return (narrow_channels() + channels_per_chunk - 1) / channels_per_chunk;
    }

    void add_row(PixelRow<T> y, PixelRow<const T> x, const T* w, int pixels, bool to_wide) const;
    void sum_row(T* sums, PixelRow<const T> wide, PixelRow<const T> narrow, int channels, int pixels) const;
};

template <class T, int Multiplier>
void DepthwiseConvolution<T, Multiplier>::run(const ImageSteps& in, const ImageSteps& out,
                                              const ConvolutionOperands<T>& operands,
                                              RowFunction<T> f) const {
    const Parts parts = row_parts(out);
    parallel_for(Index{operands.batch} * parts.count(), [&](Index chunk) {
        const Index sample = chunk / parts.count();
        const int part = static_cast<int>(chunk % parts.count());
        const int first_row = parts.begin(part), last_row = parts.begin(part + 1);
        T* const y = operands.output + sample * out.size();
        const T* const x = operands.input + sample * in.size();
        T* const first_pixel = y + first_row * out.image_row();
        const Index pixels = Index{last_row - first_row} * out.width;
        for (Index p = 0; p < pixels; ++p)
            if (operands.bias)
                std::copy_n(operands.bias, out.pixel, first_pixel + p * out.pixel);
            else
                std::fill_n(first_pixel + p * out.pixel, out.pixel, T{0});
        for (int ky = 0; ky < ranges.kernel_rows; ++ky) {
            const ConvolutionRange rows = out.pairs_in_rows(ranges.rows[ky], ky, first_row, last_row);
            for (int row = rows.begin; row < rows.end; ++row)
                for (int kx = 0; kx < ranges.kernel_columns; ++kx) {
                    const ConvolutionRange columns = ranges.columns[kx];
                    if (columns.size() == 0) continue;
                    add_row({y + out.at(row, columns.begin, ky, kx), out.column},
                            {x + in.at(row, columns.begin, ky, kx), in.column},
                            operands.weight + Index{ky * ranges.kernel_columns + kx} * wide_channels(),
                            columns.size(), out.pixel > in.pixel);
                }
        }
        f(first_pixel, pixels, out.pixel, out.pixel);
    });
}

/// The contribution of a tap to some pixels of a row.
template <class T, int Multiplier>
void DepthwiseConvolution<T, Multiplier>::add_row(PixelRow<T> y, PixelRow<const T> x, const T* w, int pixels,
                                                  bool to_wide) const {
    const int channels = narrow_channels();
    if constexpr (Multiplier == 1) {
        int c = 0;
        for (; c + 2 * lanes <= channels; c += 2 * lanes)
            add_channel_products<2>(PixelRow<T>{y.at + c, y.step}, PixelRow<const T>{x.at + c, x.step}, w + c,
                                    pixels);
        for (; c + lanes <= channels; c += lanes)
            add_channel_products<1>(PixelRow<T>{y.at + c, y.step}, PixelRow<const T>{x.at + c, x.step}, w + c,
                                    pixels);
        if (c == channels) return;
        for (int p = 0; p < pixels; ++p) {
            T* const to = y.at + p * y.step;
            const T* const from = x.at + p * x.step;
            for (int rest = c; rest < channels; ++rest) to[rest] += from[rest] * w[rest];
        }
    } else if (to_wide) {
        for (int p = 0; p < pixels; ++p, y.at += y.step, x.at += x.step)
            for (int c = 0; c < channels; ++c) {
                CTGAN_UNROLL
                for (int j = 0; j < Multiplier; ++j)
                    y.at[c * Multiplier + j] += x.at[c] * w[c * Multiplier + j];
            }
    } else {
        for (int p = 0; p < pixels; ++p, y.at += y.step, x.at += x.step)
            for (int c = 0; c < channels; ++c) {
                T sum{0};
                CTGAN_UNROLL
                for (int j = 0; j < Multiplier; ++j) sum += x.at[c * Multiplier + j] * w[c * Multiplier + j];
                y.at[c] += sum;
            }
    }
}

template <class T, int Multiplier>
void DepthwiseConvolution<T, Multiplier>::to_weight(const ConvolutionGradientOperands<T>& operands) const {
    const bool small_is_wide = small_.pixel > big.pixel;
    const ImageSteps &wide = small_is_wide ? small_ : big, &narrow = small_is_wide ? big : small_;
    const T* const wide_image = small_is_wide ? operands.small_image : operands.big_image;
    const T* const narrow_image = small_is_wide ? operands.big_image : operands.small_image;
    const Index values = Index{ranges.taps()} * wide_channels();
    const Index per_sample = gradient_scratch().per_sample;
    const int parts = channel_parts(), of_sample = parts * ranges.kernel_rows;
    parallel_for(Index{operands.batch} * of_sample, [&](Index chunk) {
        const Index sample = chunk / of_sample;
        const int rest = static_cast<int>(chunk % of_sample);
        const int part = rest % parts, ky = rest / parts;
        const int first = part * channels_per_chunk;
        const int channels = (std::min)(channels_per_chunk, narrow_channels() - first);
        for (int kx = 0; kx < ranges.kernel_columns; ++kx) {
            T* const sums = operands.scratch + sample * per_sample +
                            Index{ky * ranges.kernel_columns + kx} * wide_channels() + first * Multiplier;
            std::fill_n(sums, channels * Multiplier, T{0});
            const ConvolutionRange rows = ranges.rows[ky], columns = ranges.columns[kx];
            if (columns.size() == 0) continue;
            for (int row = rows.begin; row < rows.end; ++row)
                sum_row(
                    sums,
                    {wide_image + sample * wide.size() + wide.at(row, columns.begin, ky, kx) +
                         first * Multiplier,
                     wide.column},
                    {narrow_image + sample * narrow.size() + narrow.at(row, columns.begin, ky, kx) + first,
                     narrow.column},
                    channels, columns.size());
        }
    });
    constexpr Index values_at_once = 32;
    parallel_for((values + values_at_once - 1) / values_at_once, [&](Index chunk) {
        const Index begin = chunk * values_at_once, end = (std::min)(values, begin + values_at_once);
        T* const to = operands.weight_gradient;
        if (!operands.add) std::fill(to + begin, to + end, T{0});
        for (Index sample = 0; sample < operands.batch; ++sample) {
            const T* const from = operands.scratch + sample * per_sample;
            for (Index i = begin; i < end; ++i) to[i] += from[i];
        }
    });
}

/// The sums over some pixels of a row, added to `sums`.
template <class T, int Multiplier>
void DepthwiseConvolution<T, Multiplier>::sum_row(T* sums, PixelRow<const T> wide, PixelRow<const T> narrow,
                                                  int channels, int pixels) const {
    int c = 0;
    if constexpr (Multiplier == 1) {
        for (; c + 2 * lanes <= channels; c += 2 * lanes)
            sum_channel_products<2>(sums + c, PixelRow<const T>{wide.at + c, wide.step},
                                    PixelRow<const T>{narrow.at + c, narrow.step}, pixels);
        for (; c + lanes <= channels; c += lanes)
            sum_channel_products<1>(sums + c, PixelRow<const T>{wide.at + c, wide.step},
                                    PixelRow<const T>{narrow.at + c, narrow.step}, pixels);
        if (c == channels) return;
    }
    for (int p = 0; p < pixels; ++p, wide.at += wide.step, narrow.at += narrow.step)
        for (int rest = c; rest < channels; ++rest) {
            CTGAN_UNROLL
            for (int j = 0; j < Multiplier; ++j)
                sums[rest * Multiplier + j] += wide.at[rest * Multiplier + j] * narrow.at[rest];
        }
}

/// The three directions of a geometry that is depthwise.
template <class G, class T>
struct Depthwise {
    static constexpr int multiplier = (std::max)(G::big_group, G::small_group);
    static constexpr DepthwiseConvolution<T, multiplier> convolution{tap_ranges<G>, big_image_steps<G>,
                                                                     small_image_steps<G>};

    template <Algorithms, ConvolutionDirections directions = ConvolutionDirections{}>
    static constexpr MemorySize scratch = directions.to_weight ? convolution.gradient_scratch()
                                                               : MemorySize{};

    template <class Factors, class F>
    static void to_small(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        convolution.run(convolution.big, convolution.small_, operands.without_factors(), RowFunction<T>(f));
    }
    template <class Factors, class F>
    static void to_big(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        convolution.run(convolution.small_, convolution.big, operands.without_factors(), RowFunction<T>(f));
    }
    template <class Factors>
    static void to_weight(const ConvolutionGradientOperands<T, Factors>& operands) {
        convolution.to_weight(operands.without_factors());
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
