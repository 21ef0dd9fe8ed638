#pragma once

#include "layers.hpp"

namespace replay {
namespace detail {

template <class Function>
using OfThirty = LayerCase<Function, ctgan::Flat<30>>;

} // namespace detail

/// Activations that the reference does not have.
inline constexpr std::tuple activation_cases{
    detail::OfThirty<ctgan::ELU<>>{"elu_30"},
    detail::OfThirty<ctgan::Softplus<>>{"softplus_30"},
    detail::OfThirty<ctgan::SiLU>{"silu_30"},
    detail::OfThirty<ctgan::GELU<>>{"gelu_30"},
    detail::OfThirty<ctgan::GELU<ctgan::Approximate::tanh>>{"gelu_tanh_30"},
    detail::OfThirty<ctgan::Mish>{"mish_30"},
    detail::LayerCase<ctgan::PReLU<6>, ctgan::Image<6, 5, 5>>{"prelu_6_5x5"},
    detail::LayerCase<ctgan::Softmax, ctgan::Flat<10>>{"softmax_10"}};

} // namespace replay
