#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/norm_arguments.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/layers/sample_norm_tangent.hpp>

#include <ratio>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// What the normalizations of samples by themselves share: y = (x - mean) / sqrt(variance + Eps), times a
/// weight, plus a bias. The values of a sample are rows of `Channels` values. Mean and biased variance are
/// those of each of `Groups` groups of adjacent channels over all rows of one sample, in both modes.
template <int Channels, int Groups, class Eps, bool Affine>
struct SampleNorm : LayerDefaults {
    /// Mean and factor of each group.
    template <class>
    static constexpr MemorySize saved{2 * Index{Groups}, 0};

    /// Of the backward pass, for each sample: the two sums of each group and, of more than one row, the two
    /// of each channel; of one row, the terms of the weight's gradient.
    template <class In>
    static constexpr Index sums = 2 * Index{Groups} + (In::size > Channels    ? 2 * Index{Channels}
                                                       : Affine || Groups > 1 ? Index{Channels}
                                                                              : 0);
    template <class In, class Backend, class, Algorithms algorithms>
    static constexpr MemorySize scratch = [] {
        constexpr MemorySize of_parts =
            Backend::template group_norm_scratch<Channels, Groups, static_cast<int>(In::size / Channels)>;
        if constexpr (algorithms == Algorithms::fastest) {
            const MemorySize both = of_parts.with(Backend::template row_sums_scratch<Channels, 1>);
            return MemorySize{sums<In> + both.per_sample, both.fixed};
        } else
            return of_parts;
    }();

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        constexpr int rows = rows_of<Pass>;
        const GroupMoments<T> moments{.mean = p.saved, .factor = p.saved + Index{p.batch} * Groups};
        B::template group_moments<Channels, Groups, rows>(moments, p.input, p.batch, value_of<Eps, T>,
                                                          p.scratch);
        B::template group_norm<Channels, Groups, rows>(p.output, p.input,
                                                       GroupMoments<const T>{moments.mean, moments.factor},
                                                       weight(p), bias(p), p.batch);
    }

    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        constexpr int rows = rows_of<Pass>;
        const Index of_groups = Index{p.batch} * Groups, of_channels = Index{p.batch} * Channels;
        const GroupMoments<const T> moments{.mean = p.saved, .factor = p.saved + of_groups};
        const NormGradientSums<T> group_sums{.dy = p.scratch, .dy_normalized = p.scratch + of_groups};
        NormGradientSums<T> channel_sums{};
        if constexpr (Pass::to_parameters || rows > 1 || Groups > 1)
            channel_sums.dy_normalized = p.scratch + 2 * of_groups;
        if constexpr (rows > 1) channel_sums.dy = p.scratch + 2 * of_groups + of_channels;
        T* const free = p.scratch + Index{p.batch} * sums<typename Pass::Input>;
        B::template group_norm_gradient_sums<Channels, Groups, rows>(
            group_sums, channel_sums, p.input, p.output_gradient, moments, weight(p), p.batch, free);
        if constexpr (Affine && Pass::to_parameters) {
            const T* const of_dy = rows > 1 ? channel_sums.dy : p.output_gradient;
            B::template sum_rows<Channels>(p.template gradient<1>(), of_dy, p.batch, p.add, free);
            B::template sum_rows<Channels>(p.template gradient<0>(),
                                           static_cast<const T*>(channel_sums.dy_normalized), p.batch, p.add,
                                           free);
        }
        if constexpr (Pass::to_input)
            B::template group_norm_input_gradient<Channels, Groups, rows>(
                p.input_gradient, p.input, p.output_gradient, moments, weight(p),
                NormGradientSums<const T>{group_sums.dy, group_sums.dy_normalized}, p.batch,
                SlopeOf<typename Pass::PreviousFunction>{});
    }

    // For a penalty on the slope of a network (sample_norm_tangent.hpp).
    template <class Pass>
    static void tangent(const Pass& p) {
        using T = typename Pass::Scalar;
        Pass::Backend::for_each(Index{p.batch} * Groups,
                                NormTangent<Channels, Groups, rows_of<Pass>, T>{
                                    of_groups(p, p.input, p.tangent), p.output_tangent, weight(p)});
    }
    template <class Pass>
    static void tangent_gradient(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        if constexpr (Affine) {
            T* const products = p.scratch;
            B::for_each(Index{p.batch} * Groups,
                        NormTangentGradient<Channels, Groups, rows_of<Pass>, T>{
                            of_groups(p, p.kept_input, p.input), products, p.output_gradient});
            B::template sum_rows<Channels>(p.template gradient<0>(), static_cast<const T*>(products), p.batch,
                                           p.add);
        }
    }
    template <class Pass>
    static void curvature(const Pass& p) {
        using T = typename Pass::Scalar;
        Pass::Backend::for_each(Index{p.batch} * Groups, NormCurvature<Channels, Groups, rows_of<Pass>, T>{
                                                             of_groups(p, p.input, p.tangent), p.adjoint,
                                                             p.output_gradient, weight(p)});
    }

  private:
    template <class Pass>
    static constexpr int rows_of = static_cast<int>(Pass::Input::size / Channels);

    template <class Pass, class T>
    static TangentOfGroup<Channels, Groups, rows_of<Pass>, T> of_groups(const Pass& p, const T* x,
                                                                        const T* tangent) {
        return {x, tangent, {.mean = p.saved, .factor = p.saved + Index{p.batch} * Groups}};
    }

    /// Parameters, or null.
    template <class Pass>
    static const typename Pass::Scalar* weight(const Pass& p) {
        if constexpr (Affine)
            return p.template parameter<0>();
        else
            return nullptr;
    }
    template <class Pass>
    static const typename Pass::Scalar* bias(const Pass& p) {
        if constexpr (Affine)
            return p.template parameter<1>();
        else
            return nullptr;
    }
};

} // namespace detail

/// y = (x - mean) / sqrt(variance + Eps) * weight + bias, with mean and biased variance of each of `Groups`
/// groups of adjacent channels over all pixels of a sample; weight and bias, if `Affine`, of each channel.
/// Equals torch.nn.GroupNorm(Groups, Channels, Eps, Affine). Images, or samples of `Channels` values.
/// `Groups` divides `Channels`; one group is what papers call the layer normalization of images.
template <int Groups, int Channels, class Eps = std::ratio<1, 100000>, bool Affine = true>
struct GroupNorm : detail::SampleNorm<Channels, Groups, Eps, Affine> {
    template <int H, int W>
    static auto out(Image<Channels, H, W>) -> Image<Channels, H, W>;
    static auto out(Flat<Channels>) -> Flat<Channels>;
    using Takes = messages::ImageOf<Channels>;
    using ArgumentError =
        messages::first_problem<messages::require<messages::groups, Groups, messages::at_least<1>>,
                                messages::require<messages::channels, Channels, messages::at_least<1>>,
                                messages::require<messages::channels, Channels,
                                                  messages::multiple_of_groups<(Groups < 1 ? 1 : Groups)>>,
                                detail::EpsError<Eps>>;
    static constexpr auto parameters = detail::norm_parameters<Affine>(Layout::pytorch, Channels);
    static constexpr LayerPatterns<GroupNorm> patterns{
        .applies_slope = true, .tangent = Tangent::own, .is_curved = true};
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<" << Groups << ", " << Channels << ", ";
        detail::write_norm_options<Eps, Affine>(writer);
    }
};

/// y = (x - mean) / sqrt(variance + Eps), with mean and biased variance of each channel of each sample over
/// all its pixels, of which there are at least two; with `Affine` times a weight plus a bias of each channel.
/// Equals torch.nn.InstanceNorm2d(Channels, Eps, affine=Affine), in both modes: no running statistics.
template <int Channels, class Eps = std::ratio<1, 100000>, bool Affine = false>
struct InstanceNorm2d : detail::SampleNorm<Channels, Channels, Eps, Affine> {
    template <int H, int W>
        requires(H* W > 1)
    static auto out(Image<Channels, H, W>) -> Image<Channels, H, W>;
    using Takes = messages::ImageOfSeveralPixels<Channels>;
    using ArgumentError =
        messages::first_problem<messages::require<messages::channels, Channels, messages::at_least<1>>,
                                detail::EpsError<Eps>>;
    static constexpr auto parameters = detail::norm_parameters<Affine>(Layout::pytorch, Channels);
    static constexpr LayerPatterns<InstanceNorm2d> patterns{
        .applies_slope = true, .tangent = Tangent::own, .is_curved = true};
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<" << Channels << ", ";
        detail::write_norm_options<Eps, Affine>(writer);
    }
};

} // namespace ctgan::inline CTGAN_ABI
