#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/layers/convolution_options.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/reflection.hpp>

#include <string_view>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// What Conv2d and ConvTranspose2d share, in their short forms and with options, which are Conv2dOptions or
/// ConvTranspose2dOptions. `Layer` is the layer. The forward pass of a Conv2d runs from the big image of the
/// geometry to the small one, that of a ConvTranspose2d the other way; the gradient with respect to the input
/// runs in the opposite direction. The weight has the shape [First, Second, rows, columns]; PyTorch computes
/// the fan-in from Second for both.
template <class Layer, auto options>
struct ConvolutionLayer : LayerDefaults {
  private:
    static constexpr bool ToSmall = !options.transposed;
    static constexpr int In = options.in, Out = options.out;
    static constexpr int First = ToSmall ? Out : In;
    // A number of groups that is a mistake is reported elsewhere.
    static constexpr int Second = (ToSmall ? In : Out) / (options.groups > 0 ? options.groups : 1);
    static constexpr bool reflects = options.padding_mode == PaddingMode::reflect;
    /// The padding of the geometry: a reflected image is padded before the convolution.
    static constexpr Extent2d padding = reflects ? Extent2d(0) : options.padding;
    /// The size of a reflected image, which is at the beginning of the scratch memory.
    template <class G>
    static constexpr Index padded_size() {
        return aligned(Index{G::big_height} * G::big_width * G::big_channels);
    }

  public:
    // Shapes call functions of this class, not of the options, and the layers below give it a copy of their
    // options: nvcc writes types out for g++ as they were computed, and has no name for a template argument
    // of class type.

    /// The height of the output for an input of this height.
    static constexpr int output_height(int n) { return options.output_height(n); }
    /// The same for the width.
    static constexpr int output_width(int n) { return options.output_width(n); }

    template <int H, int W>
        requires(H >= options.least_height() && W >= options.least_width())
    static auto out(Image<In, H, W>) -> Image<Out, output_height(H), output_width(W)>;
    using Takes = messages::ImageOf<In, options.least_height(), options.least_width()>;
    using ArgumentError = ConvolutionArgumentError<options>;
    static constexpr int output_dimension = ToSmall ? 0 : 1; ///< of the weight

    /// Rows and columns that a reflected image gets at each edge.
    static constexpr int reflected_height = reflects ? options.padding.height : 0,
                         reflected_width = reflects ? options.padding.width : 0;
    /// The convolution as a backend sees it, for input of a shape. `L` is Layer, which is not complete yet.
    template <class InShape, class L = Layer, class OutShape = output_of<L, InShape>>
    using Geometry = ConvolutionGeometry<
        ToSmall ? In : Out, ToSmall ? InShape::height + 2 * reflected_height : OutShape::height,
        ToSmall ? InShape::width + 2 * reflected_width : OutShape::width, ToSmall ? Out : In,
        ToSmall ? OutShape::height : InShape::height, ToSmall ? OutShape::width : InShape::width,
        options.kernel.height, options.stride.height, padding.height, options.kernel.width,
        options.stride.width, padding.width, options.dilation.height, options.dilation.width, options.groups>;

    static constexpr int fan_in = Second * options.kernel.height * options.kernel.width;
    static constexpr auto parameters =
        weight_and_bias<options.bias>(TensorSpec{"weight",
                                                 Role::weight,
                                                 fan_in,
                                                 4,
                                                 {First, Second, options.kernel.height, options.kernel.width},
                                                 Layout::taps_first},
                                      TensorSpec{"bias", Role::bias, fan_in, 1, {Out}});

    /// For the convolutions, for the sums of the bias's gradient, and for a reflected image.
    template <class InShape, class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch = [] {
        using G = Geometry<InShape>;
        MemorySize size;
        // backward, which also adds up the gradient of the bias, has a workspace for training.
        if constexpr (algorithms == Algorithms::fastest) {
            constexpr int pixels = ToSmall ? G::small_height * G::small_width : G::big_height * G::big_width;
            size = Backend::template convolution_scratch<T, G, algorithms>;
            if (options.bias) size = size.with(Backend::template row_sums_scratch<Out, pixels>);
        } else {
            constexpr ConvolutionDirections forward_only{
                .to_small = ToSmall, .to_big = !ToSmall, .to_weight = false};
            size = Backend::template convolution_scratch<T, G, algorithms, forward_only>;
        }
        if constexpr (reflects) size.per_sample += padded_size<G>();
        return size;
    }();
    template <class InShape, class Backend, class T>
    static constexpr Index prepared = Backend::template prepared_convolution_size<T, Geometry<InShape>>;
    template <class InShape>
    static constexpr Index multiplications = Geometry<InShape>::multiplications();
    static constexpr LayerPatterns<Layer> patterns{.applies_function = true,
                                                   .skips_channels = true,
                                                   .prepares = true,
                                                   .leaves_gradients = true,
                                                   .tangent = Tangent::forward};

    template <class Pass>
    static void prepare(const Pass& p) {
        using B = typename Pass::Backend;
        using G = Geometry<typename Pass::Input>;
        if constexpr (ToSmall)
            B::template prepare_convolution<G>(p.prepared, p.template parameter<0>(), p.batch);
        else
            B::template prepare_transposed_convolution<G>(p.prepared, p.template parameter<0>(), p.batch);
    }

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using G = Geometry<typename Pass::Input>;
        using T = typename Pass::Scalar;
        const T* input = p.input;
        T* scratch = p.scratch;
        if constexpr (reflects) {
            reflect(p);
            input = p.scratch;
            scratch += p.batch * padded_size<G>();
        }
        const ConvolutionOperands<T, decltype(p.input_factors)> operands{
            .output = p.output,
            .input = input,
            .weight = p.template parameter<0>(),
            .bias = options.bias ? p.template parameter<1>() : nullptr,
            .prepared = p.prepared,
            .scratch = scratch,
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
        using G = Geometry<typename Pass::Input>;
        using T = typename Pass::Scalar;
        const T* input = p.input;
        T* scratch = p.scratch;
        if constexpr (reflects) scratch += p.batch * padded_size<G>();
        if constexpr (Pass::to_weight) {
            if constexpr (reflects) {
                reflect(p);
                input = p.scratch;
            }
            const auto small_factors = [&] {
                if constexpr (ToSmall)
                    return p.output_factors;
                else
                    return p.input_factors;
            }();
            const ConvolutionGradientOperands<T, std::remove_const_t<decltype(small_factors)>> operands{
                .weight_gradient = p.template gradient<0>(),
                .add = p.add,
                .big_image = ToSmall ? input : p.output_gradient,
                .small_image = ToSmall ? p.output_gradient : input,
                .scratch = scratch,
                .batch = p.batch,
                .algorithms = p.algorithms,
                .small_factors = small_factors};
            B::template convolution_weight_gradient<G>(operands);
        }
        if constexpr (options.bias && Pass::to_parameters)
            B::template sum_rows<Out>(p.template gradient<1>(), p.output_gradient,
                                      Index{p.batch} * Pass::Output::pixels, p.add, p.scratch);
        if constexpr (Pass::to_input) {
            const ConvolutionOperands<T, decltype(p.output_factors)> operands{
                .output = reflects ? p.scratch : p.input_gradient,
                .input = p.output_gradient,
                .weight = p.template parameter<0>(),
                .scratch = scratch,
                .batch = p.batch,
                .algorithms = p.algorithms,
                .input_factors = p.output_factors};
            if constexpr (ToSmall)
                B::template transposed_convolution<G>(operands, IdentityFunction{});
            else
                B::template convolution<G>(operands, IdentityFunction{});
            if constexpr (reflects)
                B::for_each(Index{p.batch} * Pass::Input::pixels,
                            FoldReflection<typename Pass::Input, reflected_height, reflected_width, T>{
                                p.input_gradient, p.scratch});
        }
    }
    template <class Pass>
    static void tangent_gradient(const Pass& p) {
        backward(p); // dW alone
    }

  private:
    /// Writes the reflected copy of the input.
    template <class Pass>
    static void reflect(const Pass& p) {
        using Shape = typename Pass::Input;
        Pass::Backend::for_each(
            Index{p.batch} * (Shape::height + 2 * reflected_height) * (Shape::width + 2 * reflected_width),
            Reflect<Shape, reflected_height, reflected_width, typename Pass::Scalar>{p.scratch, p.input});
    }
};

} // namespace detail

/// Convolution of images, torch.nn.Conv2d with the arguments that the options name:
///
///     Conv2dWith<{.in = 64, .out = 128, .kernel = {3, 5}, .stride = 2, .groups = 4, .bias = false}>
///
/// `Conv2dWith<Conv2dOptions{.in = 64, ...}>` with clang 14 and nvcc, which take no braces there. W
/// has the shape [out, in / groups, kernel.height, kernel.width]. A height n becomes
///
///     floor((n + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.
///
/// With x of shape [batch, in, H, W] and b [out],
///
///     y[o][r][c] = b[o] + sum over i, k, l of W[o][i][k][l]
///         x[first(o) + i][r stride + k dilation - padding][c stride + l dilation - padding],
///
/// where first(o) is the first channel of o's group, and x is zero or reflected outside the image. An error
/// if the groups do not divide the channels, if the kernel is larger than the padded image, or if a reflected
/// padding is not smaller than the image.
template <Conv2dOptions options>
struct Conv2dWith : detail::ConvolutionLayer<Conv2dWith<options>, Conv2dOptions(options)> {
    /// Writes the options, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        detail::write_options(writer, options);
    }
};

/// Convolution of images with a square kernel, W of shape [Out, In, Kernel, Kernel], dilation 1, zero
/// padding. Equals torch.nn.Conv2d(In, Out, Kernel, Stride, Padding). Conv2dWith has all other arguments. A
/// height or width n becomes
///
///     floor((n + 2 Padding - Kernel) / Stride) + 1.
///
/// With x of shape [batch, In, H, W] and b [Out],
///
///     y[o][r][c] = b[o] + sum over i, k, l of
///         W[o][i][k][l] x[i][r Stride + k - Padding][c Stride + l - Padding].
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0>
struct Conv2d
    : detail::ConvolutionLayer<
          Conv2d<In, Out, Kernel, Stride, Padding>,
          Conv2dOptions{.in = In, .out = Out, .kernel = Kernel, .stride = Stride, .padding = Padding}> {};

/// Transposed convolution, torch.nn.ConvTranspose2d with the arguments that the options name, as in
/// Conv2dWith. W has the shape [in, out / groups, kernel.height, kernel.width]. A height n becomes
///
///     (n - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1.
template <ConvTranspose2dOptions options>
struct ConvTranspose2dWith
    : detail::ConvolutionLayer<ConvTranspose2dWith<options>, ConvTranspose2dOptions(options)> {
    /// Writes the options, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        detail::write_options(writer, options);
    }
};

/// Transposed convolution: the gradient of Conv2d with respect to its input, used as a layer. W of shape [In,
/// Out, Kernel, Kernel], dilation 1. Equals torch.nn.ConvTranspose2d(In, Out, Kernel, Stride, Padding,
/// OutputPadding). ConvTranspose2dWith has all other arguments. A height or width n becomes
///
///     (n - 1) Stride - 2 Padding + Kernel + OutputPadding.
///
/// With x of shape [batch, In, H, W] and b [Out],
///
///     y[o][r][c] = b[o] + sum of W[i][o][k][l] x[i][p][q]
///         where r = p Stride + k - Padding and c = q Stride + l - Padding.
template <int In, int Out, int Kernel, int Stride = 1, int Padding = 0, int OutputPadding = 0>
struct ConvTranspose2d
    : detail::ConvolutionLayer<ConvTranspose2d<In, Out, Kernel, Stride, Padding, OutputPadding>,
                               ConvTranspose2dOptions{.in = In,
                                                      .out = Out,
                                                      .kernel = Kernel,
                                                      .stride = Stride,
                                                      .padding = Padding,
                                                      .output_padding = OutputPadding}> {};

/// Messages call the forms with options by PyTorch's names, too.
namespace messages {
template <Conv2dOptions options>
inline constexpr std::string_view name_in_messages<Conv2dWith<options>> = "Conv2d";
template <ConvTranspose2dOptions options>
inline constexpr std::string_view name_in_messages<ConvTranspose2dWith<options>> = "ConvTranspose2d";
} // namespace messages

} // namespace ctgan::inline CTGAN_ABI
