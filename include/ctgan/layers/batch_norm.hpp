#pragma once

#include <ctgan/config.hpp>
#include <ctgan/fail.hpp>
#include <ctgan/layer.hpp>

#include <stdexcept>

namespace ctgan {

/// y = (x - mean) / sqrt(variance + 1e-5) * weight + bias, per channel over the batch and all pixels.
///
/// In training mode mean and biased variance are the batch's, and the running statistics move by a tenth
/// towards the batch's mean and its unbiased variance; in evaluation mode the running statistics stand in for
/// them. PyTorch's defaults: eps 1e-5, momentum 0.1, affine, running statistics tracked. Training on a single
/// value per channel throws std::invalid_argument, as PyTorch does: it has no variance.
template <int Channels>
struct BatchNorm : LayerDefaults {
    static constexpr std::array parameters{TensorSpec{"weight", Role::norm_weight, 0, 1, {Channels}},
                                           TensorSpec{"bias", Role::norm_bias, 0, 1, {Channels}}};
    static constexpr std::array buffers{TensorSpec{"running_mean", Role::running_mean, 0, 1, {Channels}},
                                        TensorSpec{"running_var", Role::running_variance, 0, 1, {Channels}}};
    using Fault = diagnosis::require<diagnosis::channels, Channels, diagnosis::at_least<1>>;
    /// Mean and variance that forward used, and two sums for backward.
    static constexpr Index row = aligned(Channels);
    template <class>
    static constexpr Extent saved{0, 4 * row};

    static constexpr bool applies_slope = true;

    /// Added to the variance: PyTorch's eps.
    template <class T>
    static constexpr T epsilon = T(1e-5);

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        const Index rows = Index{p.batch} * pixels<Pass>;
        T* mean = p.saved;
        T* variance = p.saved + row;
        if (p.mode == Mode::training) {
            if (rows < 2)
                detail::fail(std::invalid_argument(
                    "BatchNorm: found 1 value per channel, expected at least 2 in training mode"));
            B::template batch_moments<Channels>(rows, p.input, mean, variance, p.template updated_buffer<0>(),
                                                p.template updated_buffer<1>());
        } else {
            B::copy(p.template buffer<0>(), mean, Channels);
            B::copy(p.template buffer<1>(), variance, Channels);
        }
        B::template batch_norm<Channels>(rows, p.input, static_cast<const T*>(mean),
                                         static_cast<const T*>(variance), p.template parameter<0>(),
                                         p.template parameter<1>(), epsilon<T>, p.output);
    }

    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        const Index rows = Index{p.batch} * pixels<Pass>;
        const T* mean = p.saved;
        const T* variance = p.saved + row;
        T* sum_dy = p.saved + 2 * row;
        T* sum_dy_x = p.saved + 3 * row;
        const bool batch_statistics = p.mode == Mode::training;
        if (Pass::to_parameters || batch_statistics)
            B::template batch_norm_gradient_sums<Channels>(
                rows, p.input, p.output_gradient, mean, variance, epsilon<T>, sum_dy, sum_dy_x,
                Pass::to_parameters ? p.template gradient<0>() : nullptr,
                Pass::to_parameters ? p.template gradient<1>() : nullptr, p.add);
        if constexpr (Pass::to_input)
            B::template batch_norm_input_gradient<Channels>(
                rows, p.input, p.output_gradient, mean, variance, p.template parameter<0>(), epsilon<T>,
                batch_statistics ? static_cast<const T*>(sum_dy) : nullptr,
                batch_statistics ? static_cast<const T*>(sum_dy_x) : nullptr, p.input_gradient,
                SlopeOf<typename Pass::PreviousFunction>{});
    }

  private:
    /// Rows per sample: a Flat shape is one pixel of many channels.
    template <class Pass>
    static constexpr Index pixels = Pass::Input::size / Channels;
};

/// Normalizes each of N features over the batch. The same as torch.nn.BatchNorm1d(N); in training mode the
/// batch has to hold at least two samples.
template <int Features>
struct BatchNorm1d : BatchNorm<Features> {
    static auto out(Flat<Features>) -> Flat<Features>;
    using Takes = Flat<Features>;
};

/// Normalizes each channel over the batch and all pixels. The same as torch.nn.BatchNorm2d(Channels).
template <int Channels>
struct BatchNorm2d : BatchNorm<Channels> {
    template <int H, int W>
    static auto out(Image<Channels, H, W>) -> Image<Channels, H, W>;
    using Takes = diagnosis::ImageOf<Channels>;
};

} // namespace ctgan
