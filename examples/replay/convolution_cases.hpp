#pragma once

#include "layers.hpp"

namespace replay {
namespace detail {

template <ctgan::Conv2dOptions options, int H, int W>
using ConvolutionWith = LayerCase<ctgan::Conv2dWith<options>, ctgan::Image<options.in, H, W>>;
template <ctgan::ConvTranspose2dOptions options, int H, int W>
using TransposedWith = LayerCase<ctgan::ConvTranspose2dWith<options>, ctgan::Image<options.in, H, W>>;

using Options = ctgan::Conv2dOptions;
using TransposedOptions = ctgan::ConvTranspose2dOptions;

} // namespace detail

/// Convolutions of every geometry. Their cases are named conv2d_IN_OUT_kHxW_sHxW_pHxW_dD_gG..._HxW; parts at
/// their defaults are left out, and one number stands for two alike.
inline constexpr std::tuple convolution_cases{
    detail::ConvolutionWith<detail::Options{.in = 16, .out = 32, .kernel = 1}, 6, 6>{"conv2d_16_32_k1_6x6"},
    detail::ConvolutionWith<detail::Options{.in = 3, .out = 5, .kernel = 3, .padding = 1, .bias = false}, 8,
                            8>{"conv2d_3_5_k3_p1_nobias_8x8"},
    detail::ConvolutionWith<
        detail::Options{
            .in = 3, .out = 5, .kernel = 3, .padding = 1, .padding_mode = ctgan::PaddingMode::reflect},
        8, 8>{"conv2d_3_5_k3_p1_reflect_8x8"},
    detail::ConvolutionWith<detail::Options{.in = 4, .out = 6, .kernel = 3, .padding = 2, .dilation = 2}, 9,
                            9>{"conv2d_4_6_k3_p2_d2_9x9"},
    detail::ConvolutionWith<
        detail::Options{.in = 4, .out = 6, .kernel = {3, 5}, .stride = {2, 1}, .padding = {1, 2}}, 9, 11>{
        "conv2d_4_6_k3x5_s2x1_p1x2_9x11"},
    detail::ConvolutionWith<
        detail::Options{.in = 6, .out = 12, .kernel = 3, .stride = 2, .padding = 1, .groups = 6}, 8, 8>{
        "conv2d_6_12_k3_s2_p1_g6_8x8"},
    detail::ConvolutionWith<detail::Options{.in = 6, .out = 6, .kernel = 3, .padding = 1, .groups = 6}, 8, 8>{
        "conv2d_6_6_k3_p1_g6_8x8"},
    detail::ConvolutionWith<detail::Options{.in = 8, .out = 8, .kernel = 3, .padding = 1, .groups = 4}, 7, 7>{
        "conv2d_8_8_k3_p1_g4_7x7"},
    detail::TransposedWith<detail::TransposedOptions{.in = 4, .out = 6, .kernel = 3, .dilation = 2}, 5, 5>{
        "conv_transpose2d_4_6_k3_d2_5x5"},
    detail::TransposedWith<detail::TransposedOptions{
                               .in = 4, .out = 6, .kernel = 4, .stride = 2, .padding = 1, .bias = false},
                           5, 5>{"conv_transpose2d_4_6_k4_s2_p1_nobias_5x5"},
    detail::TransposedWith<detail::TransposedOptions{
                               .in = 4, .out = 6, .kernel = {4, 2}, .stride = {2, 1}, .padding = {1, 0}},
                           5, 6>{"conv_transpose2d_4_6_k4x2_s2x1_p1x0_5x6"},
    detail::TransposedWith<detail::TransposedOptions{
                               .in = 8, .out = 8, .kernel = 4, .stride = 2, .padding = 1, .groups = 2},
                           5, 5>{"conv_transpose2d_8_8_k4_s2_p1_g2_5x5"},
    detail::LayerCase<ctgan::Linear<10, 7, false>, ctgan::Flat<10>>{"linear_10_7_nobias"}};

} // namespace replay
