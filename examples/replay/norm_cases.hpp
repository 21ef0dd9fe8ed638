#pragma once

#include "layers.hpp"

namespace replay {

/// Batch normalization with eps 1e-3 and momentum 0.01, and without weight and bias.
inline constexpr std::tuple batch_norm_cases{
    detail::LayerCase<ctgan::BatchNorm2d<5, std::ratio<1, 1000>, std::ratio<1, 100>>, ctgan::Image<5, 6, 6>>{
        "batch_norm2d_5_momentum001_eps1e3_6x6"},
    detail::LayerCase<ctgan::BatchNorm2d<5, std::ratio<1, 100000>, std::ratio<1, 10>, false>,
                      ctgan::Image<5, 6, 6>>{"batch_norm2d_5_noaffine_6x6"}};

/// Normalizations of samples by themselves.
inline constexpr std::tuple norm_cases{
    detail::LayerCase<ctgan::GroupNorm<2, 6>, ctgan::Image<6, 5, 5>>{"group_norm_2_6_5x5"},
    detail::LayerCase<ctgan::InstanceNorm2d<4>, ctgan::Image<4, 6, 6>>{"instance_norm2d_4_6x6"},
    detail::LayerCase<ctgan::InstanceNorm2d<4, std::ratio<1, 100000>, true>, ctgan::Image<4, 6, 6>>{
        "instance_norm2d_4_6x6_affine"},
    detail::LayerCase<ctgan::LayerNorm<20>, ctgan::Flat<20>>{"layer_norm_20"},
    detail::LayerCase<ctgan::LayerNorm<4, 5, 6>, ctgan::Image<4, 5, 6>>{"layer_norm_4_5x6"}};

} // namespace replay
