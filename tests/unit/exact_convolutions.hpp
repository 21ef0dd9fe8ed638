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
