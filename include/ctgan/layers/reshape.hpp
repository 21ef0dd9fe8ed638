#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/layer.hpp>

namespace ctgan::inline CTGAN_ABI {

/// Reads C*H*W values as an image of C channels. Equals x.view(-1, C, H, W): the first H*W values are channel
/// 0.
template <int C, int H, int W>
struct Reshape : LayerDefaults {
    static auto out(Flat<C * H * W>) -> Image<C, H, W>;
    using Takes = Flat<C * H * W>;
    using ArgumentError = detail::ShapeArgumentError<C, H, W>;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<Reshape> patterns{.tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template channels_last<C, H * W>(p.output, p.input, p.batch);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::template channels_first<C, H * W>(p.input_gradient, p.output_gradient, p.batch);
    }
};

/// Reads an image as C*H*W values, channel 0 first. Equals torch.nn.Flatten().
struct Flatten : LayerDefaults {
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Flat<C * H * W>;
    template <int N>
    static auto out(Flat<N>) -> Flat<N>;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<Flatten> patterns{.tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        using In = typename Pass::Input;
        Pass::Backend::template channels_first<In::channels, In::pixels>(p.output, p.input, p.batch);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        using In = typename Pass::Input;
        Pass::Backend::template channels_last<In::channels, In::pixels>(p.input_gradient, p.output_gradient,
                                                                        p.batch);
    }
};

} // namespace ctgan::inline CTGAN_ABI
