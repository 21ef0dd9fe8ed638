#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/pass.hpp>

#include <ratio>

namespace ctgan::inline CTGAN_ABI {

/// When a dropout layer is active: in training mode only, as PyTorch's module is, or always, as
/// torch.nn.functional.dropout and dropout2d are when they are called without `training=`.
enum class DropoutMode { training_only, always };

namespace detail {

template <class P>
using DropoutArgumentError =
    messages::require_number<messages::probability, P, (P::num >= 0 && P::num < P::den),
                             messages::at_least_0_and_below_1>;

template <class P, DropoutMode When>
constexpr void write_dropout_arguments(messages::Writer& writer) {
    writer << "<";
    write(writer, std::ratio<P::num, P::den>{});
    writer << (When == DropoutMode::always ? ", always>" : ", in training>");
}

/// A value and its factor.
struct DropoutProduct {
    template <class T>
    CTGAN_HD T operator()(T value, T factor) const {
        return value * factor;
    }
};

} // namespace detail

/// Sets each channel of each sample to 0 with probability P and multiplies the others by 1 / (1 - P). Equals
/// torch.nn.Dropout2d(P); `Dropout2d<P, DropoutMode::always>` is F.dropout2d(x, P), which the reference's
/// discriminator calls.
template <class P = std::ratio<1, 2>, DropoutMode When = DropoutMode::training_only>
struct Dropout2d : LayerDefaults {
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Image<C, H, W>;
    using Takes = messages::AnyImage;
    using ArgumentError = detail::DropoutArgumentError<P>;

    /// The factors, [sample][channel]: 0 or 1 / (1 - P) for each channel of each sample.
    template <class In>
    static constexpr MemorySize saved{In::channels, 0};
    static constexpr LayerPatterns<Dropout2d> patterns{
        .in_place = true, .applies_slope = true, .drops_channels = true, .tangent = Tangent::backward};
    static constexpr bool reads_input = false;

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using In = typename Pass::Input;
        using T = typename Pass::Scalar;
        if (!draws(p.mode)) return B::copy(p.output, p.input, Index{p.batch} * In::size);
        if (p.draw) B::fill_mask(p.saved, Index{p.batch} * In::channels, T(P::num) / T(P::den), p.stream);
        B::template scale_channels<In::channels, In::pixels>(
            p.output, p.input, static_cast<const T*>(p.saved), p.input, p.batch, SlopeOf<IdentityFunction>{});
    }

    /// dx = dy times the same factors, times the derivative of `Pass::PreviousFunction`.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using In = typename Pass::Input;
        using T = typename Pass::Scalar;
        using Slope = SlopeOf<typename Pass::PreviousFunction>;
        if (!draws(p.mode))
            return B::zip(p.input_gradient, p.previous_value(), p.output_gradient, Index{p.batch} * In::size,
                          Slope{});
        B::template scale_channels<In::channels, In::pixels>(p.input_gradient, p.output_gradient,
                                                             static_cast<const T*>(p.saved),
                                                             p.previous_value(), p.batch, Slope{});
    }

    static constexpr bool draws(Mode mode) { return When == DropoutMode::always || mode == Mode::training; }
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        detail::write_dropout_arguments<P, When>(writer);
    }
};

/// Sets each value to 0 with probability P and multiplies the others by 1 / (1 - P), for any shape. Equals
/// torch.nn.Dropout(P); `Dropout<P, DropoutMode::always>` is F.dropout(x, P).
template <class P = std::ratio<1, 2>, DropoutMode When = DropoutMode::training_only>
struct Dropout : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    using ArgumentError = detail::DropoutArgumentError<P>;

    /// The factors, 0 or 1 / (1 - P) for each value, in its place.
    template <class In>
    static constexpr MemorySize saved{In::size, 0};
    static constexpr LayerPatterns<Dropout> patterns{.in_place = true, .tangent = Tangent::backward};
    static constexpr bool reads_input = false;

    template <class Pass>
    static void forward(const Pass& p) {
        using T = typename Pass::Scalar;
        const Index values = Index{p.batch} * Pass::Input::size;
        if (draws(p.mode) && p.draw)
            Pass::Backend::fill_mask(p.saved, values, T(P::num) / T(P::den), p.stream);
        multiply(p, p.output, p.input);
    }

    /// dx = dy times the same factors.
    template <class Pass>
    static void backward(const Pass& p) {
        multiply(p, p.input_gradient, p.output_gradient);
    }

    static constexpr bool draws(Mode mode) { return When == DropoutMode::always || mode == Mode::training; }
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        detail::write_dropout_arguments<P, When>(writer);
    }

  private:
    template <class Pass, class T>
    static void multiply(const Pass& p, T* y, const T* x) {
        const Index values = Index{p.batch} * Pass::Input::size;
        if (draws(p.mode))
            Pass::Backend::zip(y, x, static_cast<const T*>(p.saved), values, detail::DropoutProduct{});
        else
            Pass::Backend::copy(y, x, values);
    }
};

} // namespace ctgan::inline CTGAN_ABI
