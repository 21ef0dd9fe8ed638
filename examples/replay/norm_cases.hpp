#pragma once

#include "layers.hpp"

namespace replay {

/// Normalizations of samples by themselves.
inline constexpr std::tuple norm_cases{
    detail::LayerCase<ctgan::GroupNorm<2, 6>, ctgan::Image<6, 5, 5>>{"group_norm_2_6_5x5"},
    detail::LayerCase<ctgan::InstanceNorm2d<4>, ctgan::Image<4, 6, 6>>{"instance_norm2d_4_6x6"},
    detail::LayerCase<ctgan::InstanceNorm2d<4, std::ratio<1, 100000>, true>, ctgan::Image<4, 6, 6>>{
        "instance_norm2d_4_6x6_affine"},
    detail::LayerCase<ctgan::LayerNorm<20>, ctgan::Flat<20>>{"layer_norm_20"},
    detail::LayerCase<ctgan::LayerNorm<4, 5, 6>, ctgan::Image<4, 5, 6>>{"layer_norm_4_5x6"}};

} // namespace replay
