#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/core/select.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/layer.hpp>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// For Backend::for_each_pixel: y = a if x > 0, otherwise a times the slope of x's channel. With x itself for
/// a it is PReLU, with the output gradient its derivative.
template <int Slopes, int Channels, int Pixels, class T>
struct ScaleBelowZero {
    T* y;
    const T *x, *a, *slopes;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const Index at = (sample * Pixels + pixel) * Channels;
        CTGAN_INDEPENDENT_ITERATIONS
        for (int c = first; c < last; ++c) {
            const T slope = slopes[Slopes == 1 ? 0 : c];
            y[at + c] = a[at + c] * select(x[at + c] > T{0}, T{1}, slope);
        }
    }
};

/// Memory for `values` of each sample and, behind them, for `sums`.
constexpr MemorySize prelu_scratch(Index values, MemorySize sums) {
    return {values + sums.per_sample, aligned(1) + sums.fixed};
}

/// A value where x is not above 0.
struct WhereNotAboveZero {
    template <class T>
    CTGAN_HD T operator()(T x, T value) const {
        return select(x > T{0}, T{0}, value);
    }
};

/// What x contributes to the gradient with respect to its slope.
struct SlopeTerm {
    template <class T>
    CTGAN_HD T operator()(T x, T dy) const {
        return select(x > T{0}, T{0}, x) * dy;
    }
};

} // namespace detail

/// x if x > 0, otherwise a x, with a slope a that is learned: one for each channel, or a single one with
/// PReLU<1>, for images and for flat samples, whose values are channels. The slopes begin at 1/4. Equals
/// torch.nn.PReLU(Channels).
template <int Channels>
struct PReLU : LayerDefaults {
    template <class Shape>
        requires(Channels == 1 || Shape::channels == Channels)
    static auto out(Shape) -> Shape;
    using Takes = messages::OfChannels<Channels>;
    using ArgumentError = messages::require<messages::channels, Channels, messages::at_least<1>>;
    static constexpr std::array parameters{TensorSpec{"weight", Role::slope, 0, 1, {Channels}}};
    static constexpr LayerPatterns<PReLU> patterns{.tangent = Tangent::backward};

    /// For backward: the terms of the slopes' gradients, and what their sum needs.
    template <class In, class Backend, class, Algorithms algorithms>
    static constexpr MemorySize scratch =
        algorithms == Algorithms::fastest
            ? detail::prelu_scratch(
                  In::size, MemorySize(Backend::template row_sums_scratch<Channels, In::size / Channels>))
            : MemorySize{};

    template <class Pass>
    static void forward(const Pass& p) {
        scale_below_zero(p, p.output, p.input, p.input);
    }

    /// dx = dy if x > 0, otherwise a dy; da = the sum of x dy over x <= 0.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        const Index values = Index{p.batch} * Pass::Input::size;
        if constexpr (Pass::to_parameters) {
            B::zip(p.scratch, p.input, p.output_gradient, values, detail::SlopeTerm{});
            B::template sum_rows<Channels>(p.template gradient<0>(), static_cast<const T*>(p.scratch),
                                           values / Channels, p.add, p.scratch + aligned(values));
        }
        if constexpr (Pass::to_input) scale_below_zero(p, p.input_gradient, p.input, p.output_gradient);
    }

    /// da += the sum of dy times the tangent over x <= 0.
    template <class Pass>
    static void tangent_gradient(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        const Index values = Index{p.batch} * Pass::Input::size;
        const T* const terms = p.scratch;
        B::zip(p.scratch, p.kept_input, p.input, values, detail::WhereNotAboveZero{});
        B::zip(p.scratch, terms, p.output_gradient, values, detail::ProductOfTwo{});
        B::template sum_rows<Channels>(p.template gradient<0>(), terms, values / Channels, p.add,
                                       p.scratch + aligned(values));
    }

  private:
    template <class Pass, class T>
    static void scale_below_zero(const Pass& p, T* y, const T* x, const T* a) {
        constexpr int channels = Pass::Input::channels, pixels = Pass::Input::pixels;
        Pass::Backend::template for_each_pixel<channels, pixels>(
            p.batch, 2,
            detail::ScaleBelowZero<Channels, channels, pixels, T>{y, x, a, p.template parameter<0>()});
    }
};

} // namespace ctgan::inline CTGAN_ABI
