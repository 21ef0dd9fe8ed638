#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

template <int In, int Out, int Kernel, int Stride, int Padding>
using ConvolutionArgumentError = messages::first_problem<
    messages::require<messages::channels, (In < Out ? In : Out), messages::at_least<1>>,
    messages::require<messages::kernel, Kernel, messages::at_least<1>>,
    messages::require<messages::stride, Stride, messages::at_least<1>>,
    messages::require<messages::padding, Padding, messages::at_least<0>>>;

/// What Conv2d and ConvTranspose2d share. `Layer` is one of them and has a `Geometry` for each input shape;
/// its forward pass runs from the big image to the small one if `ToSmall`, otherwise the other way. The
/// gradient with respect to its input runs in the opposite direction. The weight has the shape [First,
/// Second, Kernel, Kernel]; PyTorch computes the fan-in from Second for both layers.
template <class Layer, bool ToSmall, int First, int Second, int Out, int Kernel>
struct ConvolutionLayer : LayerDefaults {
    /// The layer's geometry. A template, because the layer is still incomplete when this class is compiled.
    template <class In, class L = Layer>
    using GeometryFor = typename L::template Geometry<In>;

    static constexpr int output_dimension = ToSmall ? 0 : 1;
    static constexpr int fan_in = Second * Kernel * Kernel;
    static constexpr std::array parameters{
        TensorSpec{"weight", Role::weight, fan_in, 4, {First, Second, Kernel, Kernel}, Layout::taps_first},
        TensorSpec{"bias", Role::bias, fan_in, 1, {Out}}};

    /// For the convolutions, and for the sums of the bias's gradient.
    template <class In, class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch = [] {
        using G = GeometryFor<In>;
        // backward, which also adds up the gradient of the bias, has a workspace for training.
        if constexpr (algorithms == Algorithms::fastest) {
            constexpr int pixels = ToSmall ? G::small_height * G::small_width : G::big_height * G::big_width;
            const MemorySize own = Backend::template convolution_scratch<T, G, algorithms>;
            return own.with(Backend::template row_sums_scratch<Out, pixels>);
        } else {
            constexpr ConvolutionDirections forward_only{
                .to_small = ToSmall, .to_big = !ToSmall, .to_weight = false};
            return MemorySize(Backend::template convolution_scratch<T, G, algorithms, forward_only>);
        }
    }();
    template <class In, class Backend, class T>
    static constexpr Index prepared = Backend::template prepared_convolution_size<T, GeometryFor<In>>;
    template <class In>
    static constexpr Index multiplications = GeometryFor<In>::multiplications();
    static constexpr LayerPatterns<Layer> patterns{
        .applies_function = true, .skips_channels = true, .prepares = true, .leaves_gradients = true};

    template <class Pass>
    static void prepare(const Pass& p) {
        using B = typename Pass::Backend;
        using G = GeometryFor<typename Pass::Input>;
        if constexpr (ToSmall)
            B::template prepare_convolution<G>(p.prepared, p.template parameter<0>(), p.batch);
        else
            B::template prepare_transposed_convolution<G>(p.prepared, p.template parameter<0>(), p.batch);
    }

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using G = GeometryFor<typename Pass::Input>;
        using T = typename Pass::Scalar;
        const ConvolutionOperands<T, decltype(p.input_factors)> operands{.output = p.output,
                                                                         .input = p.input,
                                                                         .weight = p.template parameter<0>(),
                                                                         .bias = p.template parameter<1>(),
                                                                         .prepared = p.prepared,
                                                                         .scratch = p.scratch,
                                                                         .batch = p.batch,
                                                                         .algorithms = p.algorithms,
                                                                         .input_factors = p.input_factors};
        if constexpr (ToSmall)
            B::template convolution<G>(operands, typename Pass::Function{});
        else
            B::template transposed_convolution<G>(operands, typename Pass::Function{});
    }

    /// dW is the sum over all pairs of pixels of their outer products, db the sum of dy over all pixels, dx
    /// the convolution of dy in the other direction.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using G = GeometryFor<typename Pass::Input>;
        using T = typename Pass::Scalar;
        if constexpr (Pass::to_parameters) {
            const auto small_factors = [&] {
                if constexpr (ToSmall)
                    return p.output_factors;
                else
                    return p.input_factors;
            }();
            const ConvolutionGradientOperands<T, std::remove_const_t<decltype(small_factors)>> operands{
                .weight_gradient = p.template gradient<0>(),
                .add = p.add,
                .big_image = ToSmall ? p.input : p.output_gradient,
                .small_image = ToSmall ? p.output_gradient : p.input,
                .scratch = p.scratch,
                .batch = p.batch,
                .algorithms = p.algorithms,
                .small_factors = small_factors};
            B::template convolution_weight_gradient<G>(operands);
            B::template sum_rows<Out>(p.template gradient<1>(), p.output_gradient,
                                      Index{p.batch} * Pass::Output::pixels, p.add, p.scratch);
        }
        if constexpr (Pass::to_input) {
            const ConvolutionOperands<T, decltype(p.output_factors)> operands{
                .output = p.input_gradient,
                .input = p.output_gradient,
                .weight = p.template parameter<0>(),
                .scratch = p.scratch,
                .batch = p.batch,
                .algorithms = p.algorithms,
                .input_factors = p.output_factors};
            if constexpr (ToSmall)
                B::template transposed_convolution<G>(operands, IdentityFunction{});
            else
                B::template convolution<G>(operands, IdentityFunction{});
        }
    }
};

} // namespace detail

/// Convolution of images with a square kernel, W of shape [Out, In, Kernel, Kernel], dilation 1, zero
/// padding. Equals torch.nn.Conv2d(In, Out, Kernel, Stride, Padding). A height or width n becomes
///
///     floor((n + 2 Padding - Kernel) / Stride) + 1.
///
/// With x of shape [batch, In, H, W] and b [Out],
///
///     y[o][r][c] = b[o] + sum over i, k, l of
///         W[o][i][k][l] x[i][r Stride + k - Padding][c Stride + l - Padding].
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0>
struct Conv2d
    : detail::ConvolutionLayer<Conv2d<In, Out, Kernel, Stride, Padding>, true, Out, In, Out, Kernel> {
    template <int H, int W>
        requires(H + 2 * Padding >= Kernel && W + 2 * Padding >= Kernel)
    static auto out(Image<In, H, W>) -> Image<Out, convolution_extent(H, Kernel, Stride, Padding),
                                              convolution_extent(W, Kernel, Stride, Padding)>;
    using Takes = messages::ImageOf<In, Kernel - 2 * Padding, Kernel - 2 * Padding>;
    using ArgumentError = detail::ConvolutionArgumentError<In, Out, Kernel, Stride, Padding>;

    /// The convolution as a backend sees it, for input of shape I.
    template <class InShape, class OutShape = output_of<Conv2d, InShape>>
    using Geometry = ConvolutionGeometry<In, InShape::height, InShape::width, Out, OutShape::height,
                                         OutShape::width, Kernel, Stride, Padding>;
};

/// Transposed convolution: the gradient of Conv2d with respect to its input, used as a layer. W of shape [In,
/// Out, Kernel, Kernel], dilation 1. Equals torch.nn.ConvTranspose2d(In, Out, Kernel, Stride, Padding,
/// OutputPadding). A height or width n becomes
///
///     (n - 1) Stride - 2 Padding + Kernel + OutputPadding.
///
/// With x of shape [batch, In, H, W] and b [Out],
///
///     y[o][r][c] = b[o] + sum of W[i][o][k][l] x[i][p][q]
///         where r = p Stride + k - Padding and c = q Stride + l - Padding.
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0, int OutputPadding = 0>
struct ConvTranspose2d
    : detail::ConvolutionLayer<ConvTranspose2d<In, Out, Kernel, Stride, Padding, OutputPadding>, false, In,
                               Out, Out, Kernel> {
    /// The height or width of the output for a height or width n of the input.
    static constexpr int extent(int n) {
        return transposed_extent(n, Kernel, Stride, Padding, OutputPadding);
    }

    template <int H, int W>
        requires(extent(H) > 0 && extent(W) > 0)
    static auto out(Image<In, H, W>) -> Image<Out, extent(H), extent(W)>;
    /// The smallest height or width for which the output has a pixel.
    static constexpr int min_extent = [] {
        int n = 1;
        while (Stride > 0 && extent(n) <= 0) ++n;
        return n;
    }();
    using Takes = messages::ImageOf<In, min_extent, min_extent>;
    using ArgumentError = messages::first_problem<
        detail::ConvolutionArgumentError<In, Out, Kernel, Stride, Padding>,
        messages::require<messages::output_padding, OutputPadding, messages::below_the_stride_of<Stride>>>;

    /// The convolution as a backend sees it, for input of shape I.
    template <class InShape, class OutShape = output_of<ConvTranspose2d, InShape>>
    using Geometry = ConvolutionGeometry<Out, OutShape::height, OutShape::width, In, InShape::height,
                                         InShape::width, Kernel, Stride, Padding>;
};

} // namespace ctgan::inline CTGAN_ABI
