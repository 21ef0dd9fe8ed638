#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// The image of more pixels, for Backend::for_each_pixel: pixel (r, s) of channel c is pixel (r / Factor, s /
/// Factor) of channel c Factor^2 + (r % Factor) Factor + s % Factor.
template <int Channels, int Width, int Factor, class T>
struct ShufflePixels {
    T* y;       ///< [pixels Factor^2][Channels]
    const T* x; ///< [pixels][Channels Factor^2]
    Index pixels;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        constexpr int places = Factor * Factor, wide = Width * Factor;
        const int row = pixel / wide, column = pixel % wide;
        const Index from = sample * pixels + Index{row / Factor} * Width + column / Factor;
        const T* const values =
            x + from * (Index{Channels} * places) + row % Factor * Factor + column % Factor;
        T* const to = y + (sample * pixels * places + pixel) * Channels;
        CTGAN_INDEPENDENT_ITERATIONS
        for (int c = first; c < last; ++c) to[c] = values[Index{c} * places];
    }
};

/// The image of more channels, from that of more pixels.
template <int Channels, int Width, int Factor, class T>
struct UnshufflePixels {
    T* y;       ///< [pixels][Channels Factor^2]
    const T* x; ///< [pixels Factor^2][Channels]
    Index pixels;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        constexpr int places = Factor * Factor, wide = Width * Factor;
        T* const to = y + (sample * pixels + pixel) * (Index{Channels} * places);
        const Index corner =
            sample * pixels * places + Index{pixel / Width} * Factor * wide + Index{pixel % Width} * Factor;
        for (int place = 0; place < places; ++place) {
            const T* const values = x + (corner + Index{place / Factor} * wide + place % Factor) * Channels;
            const int before =
                (first + places - 1 - place) / places; // channels of x that are not in the range
            CTGAN_INDEPENDENT_ITERATIONS
            for (int c = before; c * places + place < last; ++c) to[c * places + place] = values[c];
        }
    }
};

} // namespace detail

/// Makes pixels of channels: from [C Factor^2, H, W] to [C, H Factor, W Factor]. Channel c Factor^2 + i
/// Factor
/// + j gives the pixels of channel c whose row is i and whose column is j modulo Factor. Equals
/// torch.nn.PixelShuffle(Factor).
template <int Factor>
struct PixelShuffle : LayerDefaults {
    template <int C, int H, int W>
        requires(C % (Factor * Factor) == 0)
    static auto out(Image<C, H, W>) -> Image<C / (Factor * Factor), H * Factor, W * Factor>;
    using Takes = messages::ImageOfMultiple<Factor * Factor>;
    using ArgumentError = messages::require<messages::factor, Factor, messages::at_least<1>>;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<PixelShuffle> patterns{.tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        using In = typename Pass::Input;
        using Out = typename Pass::Output;
        Pass::Backend::template for_each_pixel<Out::channels, Out::pixels>(
            p.batch, 1,
            detail::ShufflePixels<Out::channels, In::width, Factor, typename Pass::Scalar>{p.output, p.input,
                                                                                           In::pixels});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        using In = typename Pass::Input;
        using Out = typename Pass::Output;
        Pass::Backend::template for_each_pixel<In::channels, In::pixels>(
            p.batch, 1,
            detail::UnshufflePixels<Out::channels, In::width, Factor, typename Pass::Scalar>{
                p.input_gradient, p.output_gradient, In::pixels});
    }
};

} // namespace ctgan::inline CTGAN_ABI
