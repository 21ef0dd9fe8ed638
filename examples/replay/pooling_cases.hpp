#pragma once

#include "layers.hpp"

namespace replay {
namespace detail {

template <int In, int Out>
using BlockOf = ctgan::Sequential<ctgan::Conv2d<In, Out, 3, 1, 1>, ctgan::BatchNorm2d<Out>, ctgan::ReLU,
                                  ctgan::Conv2d<Out, Out, 3, 1, 1>, ctgan::BatchNorm2d<Out>>;
using ResidualDown =
    ctgan::Sequential<ctgan::Input<6, 8, 8>,
                      ctgan::Residual<ctgan::Sequential<BlockOf<6, 10>, ctgan::AvgPool2d<2>>,
                                      ctgan::Sequential<ctgan::Conv2d<6, 10, 1>, ctgan::AvgPool2d<2>>>>;

} // namespace detail

/// Pooling, upsampling, and a residual block with pooling.
inline constexpr std::tuple pooling_cases{
    detail::LayerCase<ctgan::MaxPool2d<2>, ctgan::Image<5, 8, 8>>{"max_pool2d_2_5_8x8"},
    detail::LayerCase<ctgan::MaxPool2d<3, 2, 1>, ctgan::Image<4, 9, 9>>{"max_pool2d_k3_s2_p1_4_9x9"},
    detail::LayerCase<ctgan::AvgPool2d<2>, ctgan::Image<5, 8, 8>>{"avg_pool2d_2_5_8x8"},
    detail::LayerCase<ctgan::AvgPool2d<3, 1, 1>, ctgan::Image<4, 7, 7>>{"avg_pool2d_k3_s1_p1_4_7x7"},
    detail::LayerCase<ctgan::GlobalAvgPool2d, ctgan::Image<6, 7, 5>>{"global_avg_pool2d_6_7x5"},
    detail::LayerCase<ctgan::Upsample<2>, ctgan::Image<4, 5, 6>>{"upsample_nearest_2_4_5x6"},
    detail::LayerCase<ctgan::Upsample<2, ctgan::Interpolation::bilinear>, ctgan::Image<4, 5, 6>>{
        "upsample_bilinear_2_4_5x6"},
    detail::LayerCase<ctgan::PixelShuffle<2>, ctgan::Image<8, 4, 4>>{"pixel_shuffle_2_8_4x4"},
    detail::NetworkCase<detail::ResidualDown, 5>{
        "residual_down_6_10_8x8", {"body.0.0", "body.0.1", "body.0.3", "body.0.4", "shortcut.0"}}};

} // namespace replay
