#pragma once

#include "layers.hpp"
#include "optimizer_cases.hpp"

namespace replay {
namespace detail {

// Their cases are named conv2d_IN_OUT_KERNEL_STRIDE_PADDING_HxW and conv_transpose2d_IN_OUT_...
template <int In, int Out, int Kernel, int Stride, int Padding, int H, int W>
using Convolution = LayerCase<ctgan::Conv2d<In, Out, Kernel, Stride, Padding>, ctgan::Image<In, H, W>>;
template <int In, int Out, int Kernel, int Stride, int Padding, int H, int W>
using Transposed =
    LayerCase<ctgan::ConvTranspose2d<In, Out, Kernel, Stride, Padding>, ctgan::Image<In, H, W>>;
template <int In, int Out>
using Product = LayerCase<ctgan::Linear<In, Out>, ctgan::Flat<In>>;
template <class Function>
using Pointwise = LayerCase<Function, ctgan::Image<2, 4, 4>>;

} // namespace detail

/// The reference's layers, losses and optimizer: the cases of layers.safetensors.
inline constexpr std::tuple reference_cases{
    detail::Product<5, 7>{"linear_5_7"},
    detail::Product<100, 33>{"linear_100_33"},
    detail::Product<40, 1>{"linear_40_1"},
    detail::Convolution<1, 4, 3, 2, 0, 28, 28>{"conv2d_1_4_3_2_0_28x28"},
    detail::Convolution<4, 6, 3, 2, 0, 13, 13>{"conv2d_4_6_3_2_0_13x13"},
    detail::Convolution<3, 5, 3, 1, 1, 7, 7>{"conv2d_3_5_3_1_1_7x7"},
    detail::Convolution<2, 3, 5, 2, 2, 9, 11>{"conv2d_2_3_5_2_2_9x11"},
    detail::Convolution<3, 2, 4, 2, 1, 8, 8>{"conv2d_3_2_4_2_1_8x8"},
    detail::Convolution<2, 2, 1, 1, 0, 5, 5>{"conv2d_2_2_1_1_0_5x5"},
    detail::Convolution<2, 3, 3, 3, 1, 10, 7>{"conv2d_2_3_3_3_1_10x7"},
    detail::Transposed<8, 4, 3, 1, 1, 7, 7>{"conv_transpose2d_8_4_3_1_1_7x7"},
    detail::Transposed<4, 3, 4, 2, 1, 7, 7>{"conv_transpose2d_4_3_4_2_1_7x7"},
    detail::Transposed<3, 1, 4, 2, 1, 14, 14>{"conv_transpose2d_3_1_4_2_1_14x14"},
    detail::Transposed<2, 3, 3, 2, 1, 5, 6>{"conv_transpose2d_2_3_3_2_1_5x6"},
    detail::Transposed<3, 2, 5, 3, 2, 4, 4>{"conv_transpose2d_3_2_5_3_2_4x4"},
    detail::Transposed<2, 2, 2, 2, 0, 6, 5>{"conv_transpose2d_2_2_2_2_0_6x5"},
    detail::Transposed<6, 5, 4, 1, 0, 1, 1>{"conv_transpose2d_6_5_4_1_0_1x1"},
    detail::LayerCase<ctgan::BatchNorm1d<9>, ctgan::Flat<9>>{"batch_norm1d_train"},
    detail::LayerCase<ctgan::BatchNorm1d<9>, ctgan::Flat<9>, ctgan::Mode::evaluation>{"batch_norm1d_eval"},
    detail::LayerCase<ctgan::BatchNorm2d<3>, ctgan::Image<3, 5, 6>>{"batch_norm2d_train"},
    detail::LayerCase<ctgan::BatchNorm2d<3>, ctgan::Image<3, 5, 6>, ctgan::Mode::evaluation>{
        "batch_norm2d_eval"},
    detail::Pointwise<ctgan::ReLU>{"relu"},
    detail::Pointwise<ctgan::LeakyReLU<>>{"leaky_relu_0.01"},
    detail::Pointwise<ctgan::LeakyReLU<std::ratio<1, 5>>>{"leaky_relu_0.2"},
    detail::Pointwise<ctgan::Tanh>{"tanh"},
    detail::Pointwise<ctgan::Sigmoid>{"sigmoid"},
    detail::LossCase<ctgan::MSELoss>{"mse"},
    detail::LossCase<ctgan::BCEWithLogitsLoss>{"bce_with_logits"},
    detail::optimizer_case<ctgan::Adam, 50, 25>("adam", ctgan::AdamOptions{.lr = 1e-3})};

} // namespace replay
