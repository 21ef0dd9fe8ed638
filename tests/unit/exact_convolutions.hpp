#pragma once

#include <ctgan/layers/convolution.hpp>

#include "integers.hpp"

/// Checks Conv2d against torch.nn.Conv2d written as seven loops.
template <int In, int Out, int Kernel, int Stride, int Padding, int H, int W>
void check_convolution(int batch) {
    using namespace ctgan;
    integers::check_layer<Conv2d<In, Out, Kernel, Stride, Padding>, Image<In, H, W>>(
        batch,
        [](int count, const auto& visit) {
            constexpr Index rows = (H + 2 * Padding - Kernel) / Stride + 1;
            constexpr Index columns = (W + 2 * Padding - Kernel) / Stride + 1;
            for (Index n = 0; n < count; ++n)
                for (Index o = 0; o < Out; ++o)
                    for (Index oy = 0; oy < rows; ++oy)
                        for (Index ox = 0; ox < columns; ++ox)
                            for (Index i = 0; i < In; ++i)
                                for (Index ky = 0; ky < Kernel; ++ky)
                                    for (Index kx = 0; kx < Kernel; ++kx) {
                                        const Index iy = oy * Stride - Padding + ky;
                                        const Index ix = ox * Stride - Padding + kx;
                                        if (iy < 0 || iy >= H || ix < 0 || ix >= W) continue;
                                        visit(((n * In + i) * H + iy) * W + ix,
                                              ((o * In + i) * Kernel + ky) * Kernel + kx,
                                              ((n * Out + o) * rows + oy) * columns + ox);
                                    }
        },
        Stride > Kernel ? 0.9 : 0.5);
}

/// Checks ConvTranspose2d against torch.nn.ConvTranspose2d written as seven loops.
template <int In, int Out, int Kernel, int Stride, int Padding, int OutputPadding, int H, int W>
void check_transposed_convolution(int batch) {
    using namespace ctgan;
    integers::check_layer<ConvTranspose2d<In, Out, Kernel, Stride, Padding, OutputPadding>, Image<In, H, W>>(
        batch, [](int count, const auto& visit) {
            constexpr Index rows = (H - 1) * Stride - 2 * Padding + Kernel + OutputPadding;
            constexpr Index columns = (W - 1) * Stride - 2 * Padding + Kernel + OutputPadding;
            for (Index n = 0; n < count; ++n)
                for (Index i = 0; i < In; ++i)
                    for (Index iy = 0; iy < H; ++iy)
                        for (Index ix = 0; ix < W; ++ix)
                            for (Index o = 0; o < Out; ++o)
                                for (Index ky = 0; ky < Kernel; ++ky)
                                    for (Index kx = 0; kx < Kernel; ++kx) {
                                        const Index oy = iy * Stride - Padding + ky;
                                        const Index ox = ix * Stride - Padding + kx;
                                        if (oy < 0 || oy >= rows || ox < 0 || ox >= columns) continue;
                                        visit(((n * In + i) * H + iy) * W + ix,
                                              ((i * Out + o) * Kernel + ky) * Kernel + kx,
                                              ((n * Out + o) * rows + oy) * columns + ox);
                                    }
        });
}

/// Checks Conv2dWith against torch.nn.Conv2d written as loops.
template <ctgan::Conv2dOptions options, int H, int W>
void check_convolution_with(int batch) {
    using namespace ctgan;
    using Layer = Conv2dWith<options>;
    constexpr bool leaves_pixels_out = options.stride != Extent2d(1) && options.dilation != Extent2d(1);
    integers::check_layer<Layer, Image<options.in, H, W>>(
        batch,
        [](int count, const auto& visit) {
            constexpr Index in_group = options.in / options.groups, out_group = options.out / options.groups;
            constexpr Index rows = options.output_height(H), columns = options.output_width(W);
            // The index of the image that a padded index shows, or -1.
            const auto source = [](Index i, Index n) {
                if (options.padding_mode == PaddingMode::zeros) return i < n ? i : Index{-1};
                return i < 0 ? -i : i < n ? i : 2 * (n - 1) - i;
            };
            for (Index n = 0; n < count; ++n)
                for (Index o = 0; o < options.out; ++o)
                    for (Index oy = 0; oy < rows; ++oy)
                        for (Index ox = 0; ox < columns; ++ox)
                            for (Index i = 0; i < in_group; ++i)
                                for (Index ky = 0; ky < options.kernel.height; ++ky)
                                    for (Index kx = 0; kx < options.kernel.width; ++kx) {
                                        const Index iy =
                                            source(oy * options.stride.height - options.padding.height +
                                                       ky * options.dilation.height,
                                                   H);
                                        const Index ix =
                                            source(ox * options.stride.width - options.padding.width +
                                                       kx * options.dilation.width,
                                                   W);
                                        if (iy < 0 || ix < 0) continue;
                                        const Index channel = o / out_group * in_group + i;
                                        visit(((n * options.in + channel) * H + iy) * W + ix,
                                              ((o * in_group + i) * options.kernel.height + ky) *
                                                      options.kernel.width +
                                                  kx,
                                              ((n * options.out + o) * rows + oy) * columns + ox);
                                    }
        },
        leaves_pixels_out ? 0.9 : 0.5);
}

/// Checks ConvTranspose2dWith against torch.nn.ConvTranspose2d written as loops.
template <ctgan::ConvTranspose2dOptions options, int H, int W>
void check_transposed_convolution_with(int batch) {
    using namespace ctgan;
    using Layer = ConvTranspose2dWith<options>;
    integers::check_layer<Layer, Image<options.in, H, W>>(batch, [](int count, const auto& visit) {
        constexpr Index in_group = options.in / options.groups, out_group = options.out / options.groups;
        constexpr Index rows = options.output_height(H), columns = options.output_width(W);
        for (Index n = 0; n < count; ++n)
            for (Index i = 0; i < options.in; ++i)
                for (Index iy = 0; iy < H; ++iy)
                    for (Index ix = 0; ix < W; ++ix)
                        for (Index o = 0; o < out_group; ++o)
                            for (Index ky = 0; ky < options.kernel.height; ++ky)
                                for (Index kx = 0; kx < options.kernel.width; ++kx) {
                                    const Index oy = iy * options.stride.height - options.padding.height +
                                                     ky * options.dilation.height;
                                    const Index ox = ix * options.stride.width - options.padding.width +
                                                     kx * options.dilation.width;
                                    if (oy < 0 || oy >= rows || ox < 0 || ox >= columns) continue;
                                    const Index channel = i / in_group * out_group + o;
                                    visit(((n * options.in + i) * H + iy) * W + ix,
                                          ((i * out_group + o) * options.kernel.height + ky) *
                                                  options.kernel.width +
                                              kx,
                                          ((n * options.out + channel) * rows + oy) * columns + ox);
                                }
    });
}
