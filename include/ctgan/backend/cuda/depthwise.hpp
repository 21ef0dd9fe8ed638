#pragma once

#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// The channels of a depthwise convolution. The groups of one image, the narrow one, have a single channel,
/// those of the wide one `multiplier`, and there is one weight for each tap and channel of the wide image.
template <class G>
struct DepthwiseChannels {
    static constexpr bool small_is_wide = G::big_group == 1;
    static constexpr int multiplier = small_is_wide ? G::small_group : G::big_group;
    static constexpr int wide = small_is_wide ? G::small_channels : G::big_channels;
};

/// small = f(sum + bias), one value of a small image at a time. `bias` may be null.
template <class G, class T, class F>
struct DepthwiseToSmall {
    F f;
    const T *big_image, *w, *bias;
    T* small_image;
    CTGAN_HD void operator()(Index i) const {
        using Channels = DepthwiseChannels<G>;
        constexpr int multiplier = Channels::small_is_wide ? 1 : Channels::multiplier;
        const DivMod<G::small_channels> in_channels(i);
        const DivMod<G::small_height * G::small_width> in_pixels(in_channels.quotient);
        const int channel = in_channels.remainder, first = channel / G::small_group * G::big_group;
        const int top = in_pixels.remainder / G::small_width * G::stride_height - G::padding_height;
        const int left = in_pixels.remainder % G::small_width * G::stride_width - G::padding_width;
        T sum = bias ? bias[channel] : T{0};
        for (int tap = 0; tap < G::taps; ++tap) {
            const int y = top + tap / G::kernel_width * G::dilation_height;
            const int x = left + tap % G::kernel_width * G::dilation_width;
            if (y < 0 || y >= G::big_height || x < 0 || x >= G::big_width) continue;
            const T* const pixel =
                big_image + ((in_pixels.quotient * G::big_height + y) * G::big_width + x) * G::big_channels;
            for (int j = 0; j < multiplier; ++j)
                sum += pixel[first + j] * w[tap * Channels::wide + channel * multiplier + j];
        }
        small_image[i] = f(sum);
    }
};

/// big = f(sum + bias), one value of a big image at a time. `bias` may be null.
template <class G, class T, class F>
struct DepthwiseToBig {
    F f;
    const T *small_image, *w, *bias;
    T* big_image;
    CTGAN_HD void operator()(Index i) const {
        using Channels = DepthwiseChannels<G>;
        constexpr int multiplier = Channels::small_is_wide ? Channels::multiplier : 1;
        const DivMod<G::big_channels> in_channels(i);
        const DivMod<G::big_height * G::big_width> in_pixels(in_channels.quotient);
        const int channel = in_channels.remainder, first = channel / G::big_group * G::small_group;
        T sum = bias ? bias[channel] : T{0};
        for (int tap = 0; tap < G::taps; ++tap) {
            const int down = in_pixels.remainder / G::big_width + G::padding_height -
                             tap / G::kernel_width * G::dilation_height;
            const int right = in_pixels.remainder % G::big_width + G::padding_width -
                              tap % G::kernel_width * G::dilation_width;
            if (down < 0 || right < 0 || down % G::stride_height != 0 || right % G::stride_width != 0)
                continue;
            const int y = down / G::stride_height, x = right / G::stride_width;
            if (y >= G::small_height || x >= G::small_width) continue;
            const T* const pixel =
                small_image +
                ((in_pixels.quotient * G::small_height + y) * G::small_width + x) * G::small_channels;
            for (int j = 0; j < multiplier; ++j)
                sum += pixel[first + j] * w[tap * Channels::wide + channel * multiplier + j];
        }
        big_image[i] = f(sum);
    }
};

/// sums[sample][tap][channel of the wide image] = the sum over a sample's pairs of pixels.
template <class G, class T>
struct DepthwisePairs {
    const T *big_image, *small_image;
    T* sums;
    CTGAN_HD void operator()(Index i) const {
        using Channels = DepthwiseChannels<G>;
        const DivMod<Channels::wide> in_channels(i);
        const DivMod<G::taps> in_taps(in_channels.quotient);
        const int group = in_channels.remainder / Channels::multiplier;
        const int big = Channels::small_is_wide ? group : in_channels.remainder;
        const int small_channel = Channels::small_is_wide ? in_channels.remainder : group;
        const T* const big_sample =
            big_image + in_taps.quotient * (Index{G::big_height} * G::big_width * G::big_channels) + big;
        const T* const small_sample =
            small_image + in_taps.quotient * (Index{G::small_height} * G::small_width * G::small_channels) +
            small_channel;
        T sum{0};
        for (int y = 0; y < G::small_height; ++y) {
            const int row = y * G::stride_height - G::padding_height +
                            in_taps.remainder / G::kernel_width * G::dilation_height;
            if (row < 0 || row >= G::big_height) continue;
            T of_row{0};
            for (int x = 0; x < G::small_width; ++x) {
                const int column = x * G::stride_width - G::padding_width +
                                   in_taps.remainder % G::kernel_width * G::dilation_width;
                if (column < 0 || column >= G::big_width) continue;
                of_row += big_sample[(row * G::big_width + column) * G::big_channels] *
                          small_sample[(y * G::small_width + x) * G::small_channels];
            }
            sum += of_row;
        }
        sums[i] = sum;
    }
};

/// dw (+)= the sums of all samples, in their order.
template <class T>
struct SumOfSamples {
    const T* sums;
    T* dw;
    Index values;
    int batch;
    bool add;
    CTGAN_HD void operator()(Index i) const {
        T sum = add ? dw[i] : T{0};
        for (int sample = 0; sample < batch; ++sample) sum += sums[sample * values + i];
        dw[i] = sum;
    }
};

} // namespace detail

/// The three directions of a geometry that is depthwise: a thread for each value.
template <class G, class T>
struct Depthwise {
    /// For the weight's gradient: a sum for each sample.
    static constexpr MemorySize gradient_scratch{G::weights, 0};

    template <class F>
    static void to_small(const ConvolutionOperands<T>& operands, F f) {
        parallel_for(Index{operands.batch} * G::small_height * G::small_width * G::small_channels,
                     detail::DepthwiseToSmall<G, T, F>{f, operands.input, operands.weight, operands.bias,
                                                       operands.output});
    }
    template <class F>
    static void to_big(const ConvolutionOperands<T>& operands, F f) {
        parallel_for(Index{operands.batch} * G::big_height * G::big_width * G::big_channels,
                     detail::DepthwiseToBig<G, T, F>{f, operands.input, operands.weight, operands.bias,
                                                     operands.output});
    }
    static void to_weight(const ConvolutionGradientOperands<T>& operands) {
        parallel_for(
            operands.batch * Index{G::weights},
            detail::DepthwisePairs<G, T>{operands.big_image, operands.small_image, operands.scratch});
        parallel_for(G::weights, detail::SumOfSamples<T>{operands.scratch, operands.weight_gradient,
                                                         G::weights, operands.batch, operands.add});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
