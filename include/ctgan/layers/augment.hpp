#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/pass.hpp>

#include <ratio>

/// Random changes of images at the beginning of a discriminator, so that it sees more than the few images of
/// a small data set (DiffAugment; Zhao, Liu, Lin, Zhu, Han 2020). A discriminator that has them changes real
/// and generated images alike, in all of a step's passes, and the generator's gradient goes through them.
/// They do nothing in evaluation mode. Each pass draws a few numbers for each sample; given these, the layers
/// are linear but for an offset, and backward is the transposed map.
namespace ctgan::inline CTGAN_ABI {

template <class... Layers>
struct Sequential;

namespace detail {

/// From a number in [-1/2, 1/2) that is a multiple of 2^-24, an integer in [0, n).
template <class T>
CTGAN_HD int integer_below(T uniform, int n) {
    return static_cast<int>((static_cast<double>(uniform) + 0.5) * n);
}
/// The share of an extent, rounded.
template <class Share>
constexpr int rounded_share(int extent) {
    return static_cast<int>((2 * Share::num * extent + Share::den) / (2 * Share::den));
}

/// For Backend::for_each: the sum of a part of a sample of N values. The parts are the same for every batch
/// and number of threads.
template <class T, Index N>
struct SumOfPart {
    static constexpr Index values = 128;
    static constexpr int parts = static_cast<int>((N + values - 1) / values);

    T* sums;
    const T* x;

    CTGAN_HD void operator()(Index at) const {
        const T* const from = x + at / parts * N;
        const Index begin = at % parts * values, end = N < begin + values ? N : begin + values;
        double sum = 0;
        for (Index i = begin; i < end; ++i) sum += static_cast<double>(from[i]);
        sums[at] = static_cast<T>(sum);
    }
};
template <class T, Index N>
struct MeanOfSample {
    T* means;
    const T* sums;

    CTGAN_HD void operator()(Index sample) const {
        constexpr int parts = SumOfPart<T, N>::parts;
        double sum = 0;
        for (int part = 0; part < parts; ++part) sum += static_cast<double>(sums[sample * parts + part]);
        means[sample] = static_cast<T>(sum / static_cast<double>(N));
    }
};

/// For Backend::for_each, of each pixel: AugmentColor. y may be x.
template <class In, class T>
struct ColorOfPixel {
    T* y;
    const T *x, *draws, *means;
    bool with_brightness;

    CTGAN_HD void operator()(Index at) const {
        constexpr int channels = In::channels;
        const Index sample = at / In::pixels;
        const T* const drawn = draws + 3 * sample;
        const T saturation = T{2} * (drawn[1] + T(0.5)), contrast = drawn[2] + T{1};
        const T* const from = x + at * channels;
        T sum = 0;
        for (int c = 0; c < channels; ++c) sum += from[c];
        const T offset = (with_brightness ? drawn[0] : T{0}) +
                         contrast * (T{1} - saturation) * (sum / T{channels}) +
                         (T{1} - contrast) * means[sample];
        for (int c = 0; c < channels; ++c) y[at * channels + c] = contrast * saturation * from[c] + offset;
    }
};

/// For Backend::for_each_pixel: y at a pixel is x at that pixel plus `sign` times the shift of the sample.
template <class In, int Down, int Right, class T>
struct ShiftedPixel {
    T* y;
    const T *x, *draws;
    int sign;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const int down = sign * (integer_below(draws[2 * sample], 2 * Down + 1) - Down);
        const int right = sign * (integer_below(draws[2 * sample + 1], 2 * Right + 1) - Right);
        const int row = pixel / In::width + down, column = pixel % In::width + right;
        const bool inside = row >= 0 && row < In::height && column >= 0 && column < In::width;
        const Index at = sample * In::pixels;
        T* const to = y + (at + pixel) * In::channels;
        const T* const from = x + (at + (inside ? row * In::width + column : 0)) * In::channels;
        for (int c = first; c < last; ++c) to[c] = inside ? from[c] : T{0};
    }
};

/// For Backend::for_each_pixel: y is 0 in the sample's rectangle, and x elsewhere. y may be x.
template <class In, int Height, int Width, class T>
struct CutPixel {
    T* y;
    const T *x, *draws;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const int top = integer_below(draws[2 * sample], In::height + 1 - Height % 2) - Height / 2;
        const int left = integer_below(draws[2 * sample + 1], In::width + 1 - Width % 2) - Width / 2;
        const int row = pixel / In::width - top, column = pixel % In::width - left;
        const bool cut = row >= 0 && row < Height && column >= 0 && column < Width;
        const Index at = (sample * In::pixels + pixel) * In::channels;
        for (int c = first; c < last; ++c) y[at + c] = cut ? T{0} : x[at + c];
    }
};

/// What the layers below share: `Augmentation::change(pass, y, x, forward)` with
/// DrawsOfSample numbers of each sample, uniform in [-1/2, 1/2).
template <class Augmentation, int DrawsOfSample>
struct AugmentedImages : LayerDefaults {
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Image<C, H, W>;
    using Takes = messages::AnyImage;
    /// The numbers drawn, [sample][number].
    template <class In>
    static constexpr MemorySize saved{DrawsOfSample, 0};
    static constexpr bool reads_input = false;
    static constexpr bool draws(Mode mode) { return mode == Mode::training; }

    template <class Pass>
    static void forward(const Pass& p) {
        using T = typename Pass::Scalar;
        if (draws(p.mode) && p.draw)
            Pass::Backend::fill_uniform(p.saved, Index{p.batch} * DrawsOfSample, T(0.5), p.stream);
        run(p, p.output, p.input, true);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        run(p, p.input_gradient, p.output_gradient, false);
    }

  private:
    template <class Pass, class T>
    static void run(const Pass& p, T* y, const T* x, bool forward) {
        if (draws(p.mode))
            Augmentation::change(p, y, x, forward);
        else
            Pass::Backend::copy(y, x, Index{p.batch} * Pass::Input::size);
    }
};

} // namespace detail

/// Changes brightness, saturation and contrast of each sample: with u0, u1, u2 uniform in [-1/2, 1/2),
///
///     x1 = x + u0,    x2 = s (x1 - m) + m,    y = c (x2 - M) + M,    s = 1 + 2 u1,    c = 1 + u2
///
/// where m is the mean of a pixel's channels in x1 and M that of all values of the sample in x2. Equals the
/// policy 'color' of DiffAugment.
struct AugmentColor : detail::AugmentedImages<AugmentColor, 3> {
    static constexpr LayerPatterns<AugmentColor> patterns{.in_place = true, .tangent = Tangent::backward};
    /// The sums of parts of a sample, and its mean.
    template <class In, class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch{.per_sample = detail::SumOfPart<T, In::size>::parts + 1};

    /// y = u0 + c s x + c (1 - s) m + (1 - c) M, with m and M of x. Without u0 it is symmetric, and so its
    /// own transposed map.
    template <class Pass, class T>
    static void change(const Pass& p, T* y, const T* x, bool forward) {
        using B = typename Pass::Backend;
        using In = typename Pass::Input;
        constexpr int parts = detail::SumOfPart<T, In::size>::parts;
        T* const sums = p.scratch;
        T* const means = sums + Index{p.batch} * parts;
        B::for_each(Index{p.batch} * parts, detail::SumOfPart<T, In::size>{sums, x});
        B::for_each(p.batch, detail::MeanOfSample<T, In::size>{means, sums});
        B::for_each(Index{p.batch} * In::pixels, detail::ColorOfPixel<In, T>{y, x, p.saved, means, forward});
    }
};

/// Moves each sample by a whole number of pixels in each direction, up to the rounded `Share` of the height
/// and of the width, and fills with 0. Equals the policy 'translation' of DiffAugment.
template <class Share = std::ratio<1, 8>>
struct AugmentTranslation : detail::AugmentedImages<AugmentTranslation<Share>, 2> {
    using ArgumentError =
        messages::require_number<messages::share, Share, (Share::num > 0 && Share::num <= Share::den),
                                 messages::above_0_and_at_most_1>;
    static constexpr LayerPatterns<AugmentTranslation> patterns{.tangent = Tangent::forward};

    /// y[i][j] = x[i + down][j + right]; backward the other way.
    template <class Pass, class T>
    static void change(const Pass& p, T* y, const T* x, bool forward) {
        using In = typename Pass::Input;
        Pass::Backend::template for_each_pixel<In::channels, In::pixels>(
            p.batch, 1,
            detail::ShiftedPixel<In, detail::rounded_share<Share>(In::height),
                                 detail::rounded_share<Share>(In::width), T>{y, x, p.saved,
                                                                             forward ? 1 : -1});
    }
};

/// Sets a rectangle of each sample to 0: of the rounded `Share` of the height and of the width, with its
/// center anywhere in the sample, so that a part of it may be outside. Equals the policy 'cutout' of
/// DiffAugment.
template <class Share = std::ratio<1, 2>>
struct AugmentCutout : detail::AugmentedImages<AugmentCutout<Share>, 2> {
    using ArgumentError =
        messages::require_number<messages::share, Share, (Share::num > 0 && Share::num <= Share::den),
                                 messages::above_0_and_at_most_1>;
    static constexpr LayerPatterns<AugmentCutout> patterns{.in_place = true, .tangent = Tangent::backward};

    /// The same in both directions.
    template <class Pass, class T>
    static void change(const Pass& p, T* y, const T* x, bool) {
        using In = typename Pass::Input;
        Pass::Backend::template for_each_pixel<In::channels, In::pixels>(
            p.batch, 1,
            detail::CutPixel<In, detail::rounded_share<Share>(In::height),
                             detail::rounded_share<Share>(In::width), T>{y, x, p.saved});
    }
};

/// All three, as DiffAugment's policy 'color,translation,cutout':
///
///     Sequential<Input<3, 32, 32>, DiffAugment, Conv2d<3, 64, 4, 2, 1>, ...>
using DiffAugment = Sequential<AugmentColor, AugmentTranslation<>, AugmentCutout<>>;

} // namespace ctgan::inline CTGAN_ABI
