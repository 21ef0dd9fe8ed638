#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/pass.hpp>

#include <cmath>
#include <stdexcept>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// weight / sqrt(variance + epsilon).
template <class T>
struct NormFactor {
    T epsilon{};
    CTGAN_HD T operator()(T weight, T variance) const { return weight / std::sqrt(variance + epsilon); }
};

} // namespace detail

/// y = (x - mean) / sqrt(variance + 1e-5) * weight + bias, per channel over the batch and all pixels.
///
/// In training mode mean and biased variance are those of the batch, and the running statistics move by a
/// tenth toward the batch's mean and unbiased variance. In evaluation mode the running statistics take their
/// place. These are PyTorch's defaults: eps 1e-5, momentum 0.1, affine, running statistics tracked. Training
/// on a single value per channel throws std::invalid_argument, as in PyTorch: it has no variance.
template <int Channels>
struct BatchNorm : LayerDefaults {
    static constexpr std::array parameters{TensorSpec{"weight", Role::norm_weight, 0, 1, {Channels}},
                                           TensorSpec{"bias", Role::norm_bias, 0, 1, {Channels}}};
    static constexpr std::array buffers{TensorSpec{"running_mean", Role::running_mean, 0, 1, {Channels}},
                                        TensorSpec{"running_var", Role::running_variance, 0, 1, {Channels}}};
    using ArgumentError = messages::require<messages::channels, Channels, messages::at_least<1>>;
    /// Mean and variance as forward used them, and two sums of backward, each this many values.
    static constexpr Index row = aligned(Channels);
    template <class>
    static constexpr MemorySize saved{0, 4 * row};
    template <class In, class Backend, class, Algorithms algorithms>
    static constexpr MemorySize scratch =
        algorithms == Algorithms::fastest
            ? MemorySize(Backend::template row_sums_scratch<Channels, static_cast<int>(In::size / Channels)>)
            : MemorySize{};

    /// The factor weight / sqrt(variance + 1e-5).
    template <class, class, class>
    static constexpr Index prepared = Channels;

    /// Added to the variance: PyTorch's eps.
    template <class T>
    static constexpr T epsilon = T(1e-5);

    template <class Pass>
    static void prepare(const Pass& p) {
        Pass::Backend::zip(p.prepared, p.template parameter<0>(), p.template buffer<1>(), Channels,
                           detail::NormFactor<typename Pass::Scalar>{epsilon<typename Pass::Scalar>});
    }

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        const Index rows = Index{p.batch} * pixels<Pass>;
        if constexpr (Pass::is_prepared) {
            B::template normalize<Channels>(p.output, p.input, p.template buffer<0>(), p.prepared,
                                            p.template parameter<1>(), rows);
        } else {
            T* mean = p.saved;
            T* variance = p.saved + row;
            if (p.mode == Mode::training) {
                if (B::whole(rows) < 2)
                    detail::fail_with<std::invalid_argument>(
                        {"BatchNorm: found 1 value per channel, expected at least 2 in training mode"});
                B::template batch_moments<Channels>(
                    mean, variance, p.template updated_buffer<0>(), p.template updated_buffer<1>(), p.input,
                    rows, p.algorithms == Algorithms::fastest ? p.scratch : nullptr);
            } else {
                B::copy(mean, p.template buffer<0>(), Channels);
                B::copy(variance, p.template buffer<1>(), Channels);
            }
            B::template batch_norm<Channels>(
                p.output, p.input, Moments<T>{.mean = mean, .variance = variance, .epsilon = epsilon<T>},
                p.template parameter<0>(), p.template parameter<1>(), rows);
        }
    }

    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        const Index rows = Index{p.batch} * pixels<Pass>;
        const Moments<T> moments{.mean = p.saved, .variance = p.saved + row, .epsilon = epsilon<T>};
        const NormGradientSums<T> sums{.dy = p.saved + 2 * row, .dy_normalized = p.saved + 3 * row};
        const bool batch_statistics = p.mode == Mode::training;
        if (Pass::to_parameters || batch_statistics) {
            NormGradientSums<T> gradients{};
            if (Pass::to_parameters)
                gradients = {.dy = p.template gradient<1>(), .dy_normalized = p.template gradient<0>()};
            B::template batch_norm_gradient_sums<Channels>(sums, gradients, p.input, p.output_gradient,
                                                           moments, rows, p.add, p.scratch);
        }
        if constexpr (Pass::to_input)
            B::template batch_norm_input_gradient<Channels>(
                p.input_gradient, p.input, p.output_gradient, moments, p.template parameter<0>(),
                batch_statistics
                    ? NormGradientSums<const T>{.dy = sums.dy, .dy_normalized = sums.dy_normalized}
                    : NormGradientSums<const T>{},
                rows, rows, SlopeOf<typename Pass::PreviousFunction>{});
    }

  private:
    /// Rows per sample: a Flat shape is one pixel of many channels.
    template <class Pass>
    static constexpr Index pixels = Pass::Input::size / Channels;
};

/// Normalizes each of N features over the batch. Equals torch.nn.BatchNorm1d(N). In training mode a batch has
/// to hold at least two samples.
template <int Features>
struct BatchNorm1d : BatchNorm<Features> {
    static auto out(Flat<Features>) -> Flat<Features>;
    using Takes = Flat<Features>;
    static constexpr LayerPatterns<BatchNorm1d> patterns{.applies_slope = true, .prepares = true};
};

/// Normalizes each channel over the batch and all pixels. Equals torch.nn.BatchNorm2d(Channels).
template <int Channels>
struct BatchNorm2d : BatchNorm<Channels> {
    template <int H, int W>
    static auto out(Image<Channels, H, W>) -> Image<Channels, H, W>;
    using Takes = messages::ImageOf<Channels>;
    static constexpr LayerPatterns<BatchNorm2d> patterns{.applies_slope = true, .prepares = true};
};

} // namespace ctgan::inline CTGAN_ABI
