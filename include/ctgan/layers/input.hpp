#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>

namespace ctgan::inline CTGAN_ABI {

/// States the shape that enters a network if its first layer does not determine it:
/// `Sequential<Input<1, 28, 28>, Conv2d<1, 64, 3>, ...>` or `Input<N>`. Computes nothing.
template <int... Extents>
struct Input : LayerDefaults {
    using ArgumentError =
        messages::require<messages::extents, int{sizeof...(Extents)}, messages::one_or_three>;
};

namespace detail {

template <int... Extents>
using ShapeArgumentError =
    messages::first_problem<messages::require<messages::extent, Extents, messages::at_least<1>>...>;

template <class Shape>
struct InputLayer : LayerDefaults {
    static auto out(Shape) -> Shape;
    using Takes = Shape;
    using Start = Shape;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<InputLayer> patterns{.is_identity = true};
};

} // namespace detail

/// The network's input is samples of N values, Flat<N>.
template <int N>
struct Input<N> : detail::InputLayer<Flat<N>> {
    static constexpr LayerPatterns<Input> patterns{.is_identity = true};
    using ArgumentError = detail::ShapeArgumentError<N>;
};
/// The network's input is images of C channels, Image<C, H, W>.
template <int C, int H, int W>
struct Input<C, H, W> : detail::InputLayer<Image<C, H, W>> {
    static constexpr LayerPatterns<Input> patterns{.is_identity = true};
    using ArgumentError = detail::ShapeArgumentError<C, H, W>;
};

} // namespace ctgan::inline CTGAN_ABI
