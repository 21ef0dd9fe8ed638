#pragma once

#include <ctgan/layer.hpp>

#include <ratio>
#include <type_traits>

namespace ctgan {

/// When dropout drops: as the module does, in training mode only; or always, as torch.nn.functional.dropout2d
/// does when it is called without `training=`.
enum class Drops { in_training, always };

/// Sets each channel of each sample to 0 with probability P and multiplies the kept ones by 1 / (1 - P). The
/// same as torch.nn.Dropout2d(P); `Dropout2d<P, Drops::always>` is F.dropout2d(x, P), which the reference's
/// discriminator calls.
template <class P = std::ratio<1, 2>, Drops When = Drops::in_training>
struct Dropout2d : LayerDefaults {
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Image<C, H, W>;
    using Takes = diagnosis::AnyImage;
    using Fault = std::conditional_t<(P::num >= 0 && P::num < P::den), diagnosis::Fits,
                                     diagnosis::argument<diagnosis::probability, std::ratio<P::num, P::den>,
                                                         diagnosis::at_least_0_and_below_1>>;

    /// The factor of each channel of each sample.
    template <class In>
    static constexpr Extent saved{In::channels, 0};
    static constexpr bool drops_channels = true;
    static constexpr bool applies_slope = true;
    static constexpr bool reads_input = false;
    static constexpr bool in_place = true;

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using In = typename Pass::Input;
        using T = typename Pass::Scalar;
        if (!drops(p.mode)) return B::copy(p.input, p.output, Index{p.batch} * In::size);
        if (p.draw) B::fill_mask(p.saved, Index{p.batch} * In::channels, T(P::num) / T(P::den), p.stream);
        B::template scale_channels<In::channels, In::pixels>(p.batch, p.input, static_cast<const T*>(p.saved),
                                                             p.output, p.input, SlopeOf<Identity>{});
    }

    /// dx = dy times the same factors.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using In = typename Pass::Input;
        using T = typename Pass::Scalar;
        if constexpr (Pass::to_input) {
            using Slope = SlopeOf<typename Pass::PreviousFunction>;
            if (!drops(p.mode))
                return B::zip(Slope{}, p.input, p.output_gradient, p.input_gradient,
                              Index{p.batch} * In::size);
            B::template scale_channels<In::channels, In::pixels>(p.batch, p.output_gradient,
                                                                 static_cast<const T*>(p.saved),
                                                                 p.input_gradient, p.input, Slope{});
        }
    }

    /// Whether a pass of this mode drops channels.
    static constexpr bool drops(Mode mode) { return When == Drops::always || mode == Mode::training; }
};

} // namespace ctgan
