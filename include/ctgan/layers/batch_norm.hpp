#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/norm_arguments.hpp>
#include <ctgan/layers/pass.hpp>

#include <cmath>
#include <ratio>
#include <stdexcept>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// weight / sqrt(variance + epsilon).
template <class T>
struct NormFactor {
    T epsilon{};
    CTGAN_HD T operator()(T weight, T variance) const { return weight / std::sqrt(variance + epsilon); }
};

/// The same with a weight of 1.
template <class T>
struct NormFactorOfVariance {
    T epsilon{};
    CTGAN_HD T operator()(T variance) const { return T{1} / std::sqrt(variance + epsilon); }
};

} // namespace detail

/// y = (x - mean) / sqrt(variance + Eps) * weight + bias, per channel over the batch and all pixels.
///
/// In training mode mean and biased variance are those of the batch, and the running statistics move by a
/// share, `Momentum`, toward the batch's mean and unbiased variance. In evaluation mode the running
/// statistics take their place. Without `Affine` there are no weight and bias. The defaults are PyTorch's.
/// Training on a single value per channel throws std::invalid_argument, as in PyTorch: it has no variance.
template <int Channels, class Eps = std::ratio<1, 100000>, class Momentum = std::ratio<1, 10>,
          bool Affine = true>
struct BatchNorm : LayerDefaults {
    /// Writes the template arguments, for texts about networks: without the options if all are the defaults.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<" << Channels;
        if (Affine && std::ratio_equal_v<std::ratio<Eps::num, Eps::den>, std::ratio<1, 100000>> &&
            std::ratio_equal_v<std::ratio<Momentum::num, Momentum::den>, std::ratio<1, 10>>) {
            writer << ">";
            return;
        }
        writer << ", ";
        write(writer, std::ratio<Eps::num, Eps::den>{});
        writer << ", ";
        write(writer, std::ratio<Momentum::num, Momentum::den>{});
        writer << (Affine ? ", affine>" : ", not affine>");
    }

    static constexpr auto parameters = detail::norm_parameters<Affine>(Layout::pytorch, Channels);
    static constexpr std::array buffers{TensorSpec{"running_mean", Role::running_mean, 0, 1, {Channels}},
                                        TensorSpec{"running_var", Role::running_variance, 0, 1, {Channels}}};
    using ArgumentError =
        messages::first_problem<messages::require<messages::channels, Channels, messages::at_least<1>>,
                                detail::EpsError<Eps>, detail::MomentumError<Momentum>>;
    /// Mean and variance as forward used them, and two sums of backward, each this many values; without
    /// `Affine` a weight of ones and a bias of zeros, too.
    static constexpr Index row = aligned(Channels);
    template <class>
    static constexpr MemorySize saved{0, (Affine ? 4 : 6) * row};
    template <class In, class Backend, class, Algorithms algorithms>
    static constexpr MemorySize scratch =
        algorithms == Algorithms::fastest
            ? MemorySize(Backend::template row_sums_scratch<Channels, static_cast<int>(In::size / Channels)>)
            : MemorySize{};

    /// The factor weight / sqrt(variance + Eps); without `Affine` a bias of zeros, too.
    template <class, class, class>
    static constexpr Index prepared = Affine ? Index{Channels} : row + Channels;

    /// Added to the variance: PyTorch's eps.
    template <class T>
    static constexpr T epsilon = detail::value_of<Eps, T>;

    template <class Pass>
    static void prepare(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        if constexpr (Affine)
            B::zip(p.prepared, p.template parameter<0>(), p.template buffer<1>(), Channels,
                   detail::NormFactor<T>{epsilon<T>});
        else {
            B::map(p.prepared, p.template buffer<1>(), Channels, detail::NormFactorOfVariance<T>{epsilon<T>});
            B::fill(p.prepared + row, Channels, T{0});
        }
    }

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        const Index rows = Index{p.batch} * pixels<Pass>;
        if constexpr (Pass::is_prepared) {
            const T* bias = nullptr;
            if constexpr (Affine)
                bias = p.template parameter<1>();
            else
                bias = p.prepared + row;
            B::template normalize<Channels>(p.output, p.input, p.template buffer<0>(), p.prepared, bias,
                                            rows);
        } else {
            T* mean = p.saved;
            T* variance = p.saved + row;
            if (p.mode == Mode::training) {
                if (B::whole(rows) < 2)
                    detail::fail_with<std::invalid_argument>(
                        {"BatchNorm: found 1 value per channel, expected at least 2 in training mode"});
                B::template batch_moments<Channels>(
                    mean, variance, p.template updated_buffer<0>(), p.template updated_buffer<1>(), p.input,
                    rows, detail::value_of<Momentum, T>,
                    p.algorithms == Algorithms::fastest ? p.scratch : nullptr);
            } else {
                B::copy(mean, p.template buffer<0>(), Channels);
                B::copy(variance, p.template buffer<1>(), Channels);
            }
            if constexpr (!Affine) {
                B::fill(p.saved + 4 * row, Channels, T{1});
                B::fill(p.saved + 5 * row, Channels, T{0});
            }
            B::template batch_norm<Channels>(
                p.output, p.input, Moments<T>{.mean = mean, .variance = variance, .epsilon = epsilon<T>},
                affine<0>(p), affine<1>(p), rows);
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
            if constexpr (Affine && Pass::to_parameters)
                gradients = {.dy = p.template gradient<1>(), .dy_normalized = p.template gradient<0>()};
            B::template batch_norm_gradient_sums<Channels>(sums, gradients, p.input, p.output_gradient,
                                                           moments, rows, p.add, p.scratch);
        }
        if constexpr (Pass::to_input)
            B::template batch_norm_input_gradient<Channels>(
                p.input_gradient, p.input, p.output_gradient, moments, affine<0>(p),
                batch_statistics
                    ? NormGradientSums<const T>{.dy = sums.dy, .dy_normalized = sums.dy_normalized}
                    : NormGradientSums<const T>{},
                rows, rows, SlopeOf<typename Pass::PreviousFunction>{});
    }

  private:
    /// Rows per sample: a Flat shape is one pixel of many channels.
    template <class Pass>
    static constexpr Index pixels = Pass::Input::size / Channels;

    /// The weight (0) or the bias (1) of a pass that is not prepared.
    template <int K, class Pass>
    static const typename Pass::Scalar* affine(const Pass& p) {
        if constexpr (Affine)
            return p.template parameter<K>();
        else
            return p.saved + (4 + K) * row;
    }
};

/// Normalizes each of N features over the batch. Equals torch.nn.BatchNorm1d(N, Eps, Momentum, Affine). In
/// training mode a batch has to hold at least two samples.
template <int Features, class Eps = std::ratio<1, 100000>, class Momentum = std::ratio<1, 10>,
          bool Affine = true>
struct BatchNorm1d : BatchNorm<Features, Eps, Momentum, Affine> {
    static auto out(Flat<Features>) -> Flat<Features>;
    using Takes = Flat<Features>;
    static constexpr LayerPatterns<BatchNorm1d> patterns{
        .applies_slope = true, .prepares = true, .tangent = Tangent::mixes_samples};
};

/// Normalizes each channel over the batch and all pixels. Equals torch.nn.BatchNorm2d(Channels, Eps,
/// Momentum, Affine).
template <int Channels, class Eps = std::ratio<1, 100000>, class Momentum = std::ratio<1, 10>,
          bool Affine = true>
struct BatchNorm2d : BatchNorm<Channels, Eps, Momentum, Affine> {
    template <int H, int W>
    static auto out(Image<Channels, H, W>) -> Image<Channels, H, W>;
    using Takes = messages::ImageOf<Channels>;
    static constexpr LayerPatterns<BatchNorm2d> patterns{
        .applies_slope = true, .prepares = true, .tangent = Tangent::mixes_samples};
};

} // namespace ctgan::inline CTGAN_ABI
