#pragma once

#include "layers.hpp"

namespace replay {
namespace detail {

using ResidualBlock = ctgan::Sequential<
    ctgan::Input<6, 8, 8>,
    ctgan::Residual<ctgan::Sequential<ctgan::Conv2d<6, 6, 3, 1, 1>, ctgan::BatchNorm2d<6>, ctgan::ReLU,
                                      ctgan::Conv2d<6, 6, 3, 1, 1>, ctgan::BatchNorm2d<6>>>>;
inline constexpr std::array<std::string_view, 4> of_residual_block{"body.0", "body.1", "body.3", "body.4"};
using TwoBranches = ctgan::Sequential<ctgan::Input<3, 8, 8>,
                                      ctgan::Concat<ctgan::Conv2d<3, 4, 1>, ctgan::Conv2d<3, 5, 3, 1, 1>>,
                                      ctgan::ReLU, ctgan::Conv2d<9, 2, 1>>;
using LowerLevel =
    ctgan::Concat<ctgan::Identity,
                  ctgan::Sequential<ctgan::Conv2d<4, 8, 4, 2, 1>, ctgan::LeakyReLU<std::ratio<1, 5>>,
                                    ctgan::ConvTranspose2d<8, 4, 4, 2, 1>, ctgan::ReLU>>;
using UNet = ctgan::Sequential<
    ctgan::Input<2, 8, 8>,
    ctgan::Concat<ctgan::Identity,
                  ctgan::Sequential<ctgan::Conv2d<2, 4, 4, 2, 1>, ctgan::LeakyReLU<std::ratio<1, 5>>,
                                    LowerLevel, ctgan::ConvTranspose2d<8, 2, 4, 2, 1>, ctgan::ReLU>>,
    ctgan::Conv2d<4, 1, 1>, ctgan::Tanh>;

} // namespace detail

/// Networks with branches.
inline constexpr std::tuple branch_cases{
    detail::NetworkCase<detail::ResidualBlock, 4>{"residual_6_8x8", detail::of_residual_block},
    detail::NetworkCase<detail::ResidualBlock, 4, ctgan::Mode::evaluation>{"residual_6_8x8_eval",
                                                                           detail::of_residual_block},
    detail::NetworkCase<detail::TwoBranches, 3>{"concat_3_4_5_8x8", {"0.branches.0", "0.branches.1", "2"}},
    detail::NetworkCase<detail::UNet, 5>{"unet_2_depth2_8x8",
                                         {"0.branches.1.0", "0.branches.1.2.branches.1.0",
                                          "0.branches.1.2.branches.1.2", "0.branches.1.3", "1"}}};

} // namespace replay
