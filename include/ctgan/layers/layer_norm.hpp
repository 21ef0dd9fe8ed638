#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/group_norm.hpp>
#include <ctgan/layers/input.hpp>

#include <ratio>

namespace ctgan::inline CTGAN_ABI {

/// y = (x - mean) / sqrt(variance + Eps) * weight + bias, with mean and biased variance of all values of a
/// sample; weight and bias, if `Affine`, have a value for each of them: the shape [N] or [C, H, W]. Equals
/// torch.nn.LayerNorm(shape, Eps, elementwise_affine=Affine). `Shape` is Flat<N> or Image<C, H, W>.
template <class Shape, class Eps = std::ratio<1, 100000>, bool Affine = true>
struct LayerNormOf;

/// For samples of N values.
template <int N, class Eps, bool Affine>
struct LayerNormOf<Flat<N>, Eps, Affine> : detail::SampleNorm<N, 1, Eps, Affine> {
    static auto out(Flat<N>) -> Flat<N>;
    using Takes = Flat<N>;
    using ArgumentError = messages::first_problem<detail::ShapeArgumentError<N>, detail::EpsError<Eps>>;
    static constexpr auto parameters = detail::norm_parameters<Affine>(Layout::pytorch, N);
    static constexpr LayerPatterns<LayerNormOf> patterns{
        .applies_slope = true, .tangent = Tangent::own, .is_curved = true};
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<";
        detail::write_norm_options<Eps, Affine>(writer);
    }
};
/// For images.
template <int C, int H, int W, class Eps, bool Affine>
struct LayerNormOf<Image<C, H, W>, Eps, Affine> : detail::SampleNorm<C * H * W, 1, Eps, Affine> {
    static auto out(Image<C, H, W>) -> Image<C, H, W>;
    using Takes = Image<C, H, W>;
    using ArgumentError = messages::first_problem<detail::ShapeArgumentError<C, H, W>, detail::EpsError<Eps>>;
    static constexpr auto parameters = detail::norm_parameters<Affine>(Layout::channels_last, C, H, W);
    static constexpr LayerPatterns<LayerNormOf> patterns{
        .applies_slope = true, .tangent = Tangent::own, .is_curved = true};
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<";
        detail::write_norm_options<Eps, Affine>(writer);
    }
};

/// `LayerNorm<N>` for samples of N values, `LayerNorm<C, H, W>` for images: LayerNormOf with PyTorch's
/// defaults, eps 1e-5 and a weight and a bias for each value.
template <int... Extents>
struct LayerNorm : LayerDefaults {
    using ArgumentError =
        messages::require<messages::extents, int{sizeof...(Extents)}, messages::one_or_three_of_layer_norm>;
};
/// For samples of N values.
template <int N>
struct LayerNorm<N> : LayerNormOf<Flat<N>> {
    static constexpr LayerPatterns<LayerNorm> patterns{
        .applies_slope = true, .tangent = Tangent::own, .is_curved = true};
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) { writer << "<" << N << ">"; }
};
/// For images.
template <int C, int H, int W>
struct LayerNorm<C, H, W> : LayerNormOf<Image<C, H, W>> {
    static constexpr LayerPatterns<LayerNorm> patterns{
        .applies_slope = true, .tangent = Tangent::own, .is_curved = true};
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<" << C << ", " << H << ", " << W << ">";
    }
};

} // namespace ctgan::inline CTGAN_ABI
