#pragma once

#include <ctgan/layer.hpp>

#include <type_traits>

namespace ctgan {

/// States the input of a network whose first layer leaves it open: `Sequential<Input<1, 28, 28>, Conv2d<1,
/// 64, 3>, ...>` or `Input<N>`. Computes nothing.
template <int... Extents>
struct Input;

namespace detail {
template <class Shape>
struct InputLayer : LayerDefaults {
    static auto out(Shape) -> Shape;
    using Takes = Shape;
    using Start = Shape;
    static constexpr bool reads_input = false;
    static constexpr bool identity = true;
};
} // namespace detail

/// Of N numbers.
template <int N>
struct Input<N> : detail::InputLayer<Flat<N>> {};
/// Of an image.
template <int C, int H, int W>
struct Input<C, H, W> : detail::InputLayer<Image<C, H, W>> {};

/// Reads C*H*W numbers as an image of C channels. The same as x.view(-1, C, H, W): the first H*W numbers are
/// channel 0.
template <int C, int H, int W>
struct Reshape : LayerDefaults {
    static auto out(Flat<C * H * W>) -> Image<C, H, W>;
    using Takes = Flat<C * H * W>;
    static constexpr bool reads_input = false;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template channels_last<C, H * W>(p.batch, p.input, p.output);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        if constexpr (Pass::to_input)
            Pass::Backend::template channels_first<C, H * W>(p.batch, p.output_gradient, p.input_gradient);
    }
};

/// Reads an image as C*H*W numbers, channel 0 first. The same as torch.nn.Flatten.
struct Flatten : LayerDefaults {
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Flat<C * H * W>;
    template <int N>
    static auto out(Flat<N>) -> Flat<N>;
    static constexpr bool reads_input = false;

    template <class Pass>
    static void forward(const Pass& p) {
        using In = typename Pass::Input;
        Pass::Backend::template channels_first<In::channels, In::pixels>(p.batch, p.input, p.output);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        using In = typename Pass::Input;
        if constexpr (Pass::to_input)
            Pass::Backend::template channels_last<In::channels, In::pixels>(p.batch, p.output_gradient,
                                                                            p.input_gradient);
    }
};

} // namespace ctgan
