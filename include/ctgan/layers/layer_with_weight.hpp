#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>

#include <type_traits>

/// What SpectralNorm has to know of the layer that it wraps.
namespace ctgan::inline CTGAN_ABI {

template <class... Layers>
struct Sequential;

namespace detail {

template <class Layer>
inline constexpr bool is_a_description = false;
template <class... Layers>
inline constexpr bool is_a_description<Sequential<Layers...>> = true;

/// Whether a layer's first parameter is a matrix or a kernel. A description is not looked into.
template <class Layer>
concept HasWeight = !is_a_description<Layer> && std::is_base_of_v<LayerDefaults, Layer> && requires {
    requires Layer::parameters.size() > 0 && Layer::buffers.size() == 0;
    requires Layer::parameters[0].role == Role::weight&& Layer::parameters[0].rank >= 2;
};

/// W / sigma, with sigma in the backend's memory.
template <class T>
struct DivideBy {
    const T* divisor;
    CTGAN_HD T operator()(T x) const { return x / *divisor; }
};

/// The shape that a network begins with, if the layer states it.
template <class Layer>
struct StartOfWrapped {};
template <class Layer>
    requires requires { typename Layer::Start; }
struct StartOfWrapped<Layer> {
    using Start = typename Layer::Start;
};

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
