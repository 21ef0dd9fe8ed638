#pragma once

#include <ctgan/layer.hpp>

namespace ctgan {

/// Convolution of images with a square kernel, W of shape [Out, In, Kernel, Kernel], dilation 1, zero
/// padding. The same as torch.nn.Conv2d(In, Out, Kernel, Stride, Padding): an extent n becomes floor((n + 2
/// Padding - Kernel) / Stride) + 1. With x of shape [batch, In, H, W] and b [Out],
///
///     y[o][r][c] = b[o] + sum over i, k, l of
///         W[o][i][k][l] x[i][r Stride + k - Padding][c Stride + l - Padding].
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0>
struct Conv2d : LayerDefaults {
    template <int H, int W>
        requires(H + 2 * Padding >= Kernel && W + 2 * Padding >= Kernel)
    static auto out(Image<In, H, W>) -> Image<Out, convolution_extent(H, Kernel, Stride, Padding),
                                              convolution_extent(W, Kernel, Stride, Padding)>;
    using Takes = diagnosis::ImageOf<In, Kernel - 2 * Padding, Kernel - 2 * Padding>;

    static constexpr std::array parameters{
        TensorSpec{
            "weight", Role::weight, In* Kernel* Kernel, 4, {Out, In, Kernel, Kernel}, Order::taps_first},
        TensorSpec{"bias", Role::bias, In* Kernel* Kernel, 1, {Out}}};

    /// The convolution as a backend is told of it, for input of shape I.
    template <class I, class O = output_of<Conv2d, I>>
    using Geometry =
        ConvolutionGeometry<In, I::height, I::width, Out, O::height, O::width, Kernel, Stride, Padding>;
    template <class I, class Backend, class T, Algorithms which>
    static constexpr Extent scratch = Backend::template convolution_scratch<T, Geometry<I>, which>;
    template <class I>
    static constexpr Index multiplications = Geometry<I>::multiplications();
    static constexpr bool applies_function = true;
    static constexpr bool skips_channels = true;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template convolution<Geometry<typename Pass::Input>>(
            p.batch, p.input, p.template parameter<0>(), p.template parameter<1>(), p.output, p.scratch,
            p.algorithms, p.input_factors, typename Pass::Function{});
    }

    /// dx is the transposed convolution of dy, db the sum of dy over all pixels.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using G = Geometry<typename Pass::Input>;
        using T = typename Pass::Scalar;
        if constexpr (Pass::to_parameters) {
            B::template convolution_weight_gradient<G>(p.batch, p.input, p.output_gradient,
                                                       p.template gradient<0>(), p.add, p.scratch,
                                                       p.algorithms, p.output_factors);
            B::template sum_rows<Out>(Index{p.batch} * Pass::Output::pixels, p.output_gradient,
                                      p.template gradient<1>(), p.add);
        }
        if constexpr (Pass::to_input)
            B::template transposed_convolution<G>(p.batch, p.output_gradient, p.template parameter<0>(),
                                                  static_cast<const T*>(nullptr), p.input_gradient, p.scratch,
                                                  p.algorithms, p.output_factors);
    }

    // Last: clang reads no further in a class in which an assertion fails, and would report what it then
    // lacks.
    static_assert(In > 0 && Out > 0 && Kernel > 0 && Stride > 0 && Padding >= 0,
                  "ctgan: Conv2d's channels, kernel and stride are at least 1, its padding at least 0");
};

/// Transposed convolution, the gradient of Conv2d to its input used as a layer, W of shape [In, Out, Kernel,
/// Kernel], dilation 1. The same as torch.nn.ConvTranspose2d(In, Out, Kernel, Stride, Padding,
/// OutputPadding): an extent n becomes (n - 1) Stride - 2 Padding + Kernel + OutputPadding. With x of shape
/// [batch, In, H, W] and b [Out],
///
///     y[o][r][c] = b[o] + sum of W[i][o][k][l] x[i][p][q]
///         where r = p Stride + k - Padding and c = q Stride + l - Padding.
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0, int OutputPadding = 0>
struct ConvTranspose2d : LayerDefaults {
    /// Height or width of what n becomes.
    static constexpr int extent(int n) {
        return transposed_extent(n, Kernel, Stride, Padding, OutputPadding);
    }

    template <int H, int W>
        requires(extent(H) > 0 && extent(W) > 0)
    static auto out(Image<In, H, W>) -> Image<Out, extent(H), extent(W)>;
    /// The least extent whose result has a pixel.
    static constexpr int least = [] {
        int n = 1;
        while (Stride > 0 && extent(n) <= 0) ++n;
        return n;
    }();
    using Takes = diagnosis::ImageOf<In, least, least>;

    /// PyTorch counts the fan-in on the weight's second dimension, which is Out here.
    static constexpr std::array parameters{
        TensorSpec{
            "weight", Role::weight, Out* Kernel* Kernel, 4, {In, Out, Kernel, Kernel}, Order::taps_first},
        TensorSpec{"bias", Role::bias, Out* Kernel* Kernel, 1, {Out}}};

    /// The convolution as a backend is told of it, for input of shape I.
    template <class I, class O = output_of<ConvTranspose2d, I>>
    using Geometry =
        ConvolutionGeometry<Out, O::height, O::width, In, I::height, I::width, Kernel, Stride, Padding>;
    template <class I, class Backend, class T, Algorithms which>
    static constexpr Extent scratch = Backend::template convolution_scratch<T, Geometry<I>, which>;
    template <class I>
    static constexpr Index multiplications = Geometry<I>::multiplications();
    static constexpr bool applies_function = true;
    static constexpr bool skips_channels = true;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template transposed_convolution<Geometry<typename Pass::Input>>(
            p.batch, p.input, p.template parameter<0>(), p.template parameter<1>(), p.output, p.scratch,
            p.algorithms, p.input_factors, typename Pass::Function{});
    }

    /// dx is the convolution of dy, db the sum of dy over all pixels.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using G = Geometry<typename Pass::Input>;
        using T = typename Pass::Scalar;
        if constexpr (Pass::to_parameters) {
            B::template convolution_weight_gradient<G>(p.batch, p.output_gradient, p.input,
                                                       p.template gradient<0>(), p.add, p.scratch,
                                                       p.algorithms, p.input_factors);
            B::template sum_rows<Out>(Index{p.batch} * Pass::Output::pixels, p.output_gradient,
                                      p.template gradient<1>(), p.add);
        }
        if constexpr (Pass::to_input)
            B::template convolution<G>(p.batch, p.output_gradient, p.template parameter<0>(),
                                       static_cast<const T*>(nullptr), p.input_gradient, p.scratch,
                                       p.algorithms, p.output_factors);
    }

    static_assert(
        In > 0 && Out > 0 && Kernel > 0 && Stride > 0 && Padding >= 0,
        "ctgan: ConvTranspose2d's channels, kernel and stride are at least 1, its padding at least 0");
    static_assert(OutputPadding >= 0 && OutputPadding < Stride,
                  "ctgan: ConvTranspose2d's output padding is less than its stride");
};

} // namespace ctgan
