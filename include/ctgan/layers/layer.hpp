#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/layers/tensor_spec.hpp>
#include <ctgan/messages/layer_errors.hpp>
#include <ctgan/messages/mismatch.hpp>

#include <array>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// PyTorch's module.train() and module.eval().
enum class Mode { training, evaluation };

/// A tag type, the argument of LayerDefaults::out(). It lets messages detect a layer that declares no out()
/// of its own.
struct NoShape {};
/// A tag type, the result of LayerDefaults::out().
struct NoOut {};

/// How the derivative of a layer's output along a direction, the tangent, is computed from that of its input
/// (network/slopes.hpp). A penalty on the slope of a discriminator needs it, and a layer must treat each
/// sample by itself.
enum class Tangent {
    none,          ///< not at all
    mixes_samples, ///< not at all: a sample's output depends on the others of the batch
    forward,       ///< the output is linear in the input but for a bias: by forward() with parameter 0 alone
    backward,      ///< the Jacobian is symmetric, as that of an elementwise function is: by backward()
    own            ///< by the layer's tangent(), which gets a TangentPass
};

/// What a network may do with a layer besides calling it: reuse its memory, and leave work to adjacent layers
/// (network/patterns.hpp).
///
/// `Layer` is the class that declares them. A class that is derived from it may compute something else, so
/// nothing of this holds for it unless it declares its own.
template <class Layer>
struct LayerPatterns {
    /// The output is the input, under the same type or another, so that there is nothing to run.
    bool is_identity = false;
    /// Of several inputs, an identity layer returns the one with this number (layers/inputs.hpp).
    int selects = -1;
    /// forward can write the output over the input, and backward the input gradient over the output gradient:
    /// both read a value of `p.input` or `p.output_gradient` before they write there, and never again. The
    /// network decides where they do: in a TrainingWorkspace forward overwrites its input only if no backward
    /// reads it, and never the user's input.
    bool in_place = false;
    /// The layer does nothing but apply its `ElementwiseFunction`, which an adjacent layer may do instead.
    bool is_function = false;
    /// forward applies `Pass::Function` to its output.
    bool applies_function = false;
    /// backward multiplies its input gradient by the derivative of `Pass::PreviousFunction` (SlopeOf), given
    /// `Pass::previous_value()`.
    bool applies_slope = false;
    /// forward and backward make use of `input_factors` and `output_factors`, whose type is const T* next to
    /// a dropout and NoFactors elsewhere.
    bool skips_channels = false;
    /// The layer is a dropout: `saved` holds a factor for each channel of each sample, [sample][channel], and
    /// `draws(Mode)` tells whether they were applied.
    bool drops_channels = false;
    /// The gradient with respect to parameter 0 is the sum over the batch of outer products of input and
    /// output gradient. backward leaves it out unless `Pass::to_weight`, and `update_weight<Backend>(block,
    /// input, output_gradient, batch, f)` is an optimizer's step with it.
    bool weight_gradient_is_product = false;
    /// In a Frozen network prepare() computes `prepared` values from parameters and buffers, once, and
    /// forward reads them.
    bool prepares = false;
    /// backward calls one operation of the backend for the gradient with respect to each parameter, and does
    /// not read it. So the gradient may be completed later (Backend::late_gradients).
    bool leaves_gradients = false;
    /// What a penalty on the slope needs. A layer with parameters also declares tangent_gradient(), which
    /// gets a TangentGradientPass.
    Tangent tangent = Tangent::none;
    /// The derivative changes with the input, so that the layer declares curvature(), which gets a
    /// CurvaturePass. Piecewise linear layers have none.
    bool is_curved = false;
};

// clang-format off
/// The defaults of a layer's members. A layer is an empty class derived from this one that declares
///
///     static auto out(In) -> Out;     // for exactly the shapes that it takes; declared only, no body
///     template <class Pass> static void forward(const Pass&);
///     template <class Pass> static void backward(const Pass&);
///
/// and redeclares the members below whose defaults do not fit. forward gets a ForwardPass, backward a
/// BackwardPass (pass.hpp). Both call the operations of `Pass::Backend` (backend/backend.hpp) and never name
/// a backend, so a layer runs on all backends and in all scalar types. Functions for these operations are
/// marked CTGAN_HD (core/config.hpp); sizes have the type Index (core/shape.hpp).
///
/// backward computes the gradients with respect to the input and the parameters. If the layer has parameters,
/// backward checks `Pass::to_input` and `Pass::to_parameters`. If it has none, backward is called only if the
/// input gradient is wanted.
///
/// `reads_input`, `reads_output` and the pattern `in_place` decide which memory a network reuses. backward cannot use
/// `p.input` or `p.output` unless the layer declares that it reads them. To check the layer next to
/// neighbors that reuse memory, give testing::check_gradient a Sequential that has other layers before and
/// after yours, such as a Conv2d and a Tanh.
///
/// Declare forward and backward as `void`, not `auto`. To deduce `auto`, the compiler instantiates the body
/// when it only checks that the function exists, with a stand-in backend. This takes longer, and it is an
/// error if the body uses a function that the concept Backend does not have.
// clang-format on
struct LayerDefaults {
    /// What messages print as the input that the layer takes: a shape, messages::ImageOf<C> for images of C
    /// channels, or messages::AnyImage. By default they print "a shape that its out() accepts". Declare it
    /// only if out() takes every shape that it describes.
    using Takes = messages::AShapeThatItsOutAccepts;
    /// What is wrong with the layer's own template arguments (messages/layer_errors.hpp), for example
    /// `messages::require<messages::channels, C, messages::at_least<1>>`.
    using ArgumentError = messages::NoProblem;
    /// Hidden by the layer's own out().
    static auto out(NoShape) -> NoOut;
    /// The learned tensors; TensorSpec has an example. forward and backward read them by
    /// `p.template parameter<K>()`, and backward writes their gradients to `p.template gradient<K>()`.
    static constexpr std::array<TensorSpec, 0> parameters{};
    /// Tensors that are kept with the parameters but not learned, such as running statistics. forward reads
    /// them by `p.template buffer<K>()` and, in training mode, updates `p.template updated_buffer<K>()`.
    static constexpr std::array<TensorSpec, 0> buffers{};
    /// Whether the layer declares `template <class Pass> static void initialize_buffers(const Pass&)`, which
    /// gets an InitializePass when a network is constructed, after its parameters have been initialized.
    static constexpr bool initializes_buffers = false;
    /// Which dimension of parameter 0, as PyTorch has it, counts the outputs, for SpectralNorm: 0
    /// or, with Layout::taps_first, 1.
    static constexpr int output_dimension = 0;
    /// The size of `p.saved`, where forward stores what backward needs besides input and output, counted in
    /// scalars.
    template <class In>
    static constexpr MemorySize saved{};
    /// The size of `p.scratch`, the memory that forward or backward needs only while it runs, with these
    /// algorithms, counted in scalars.
    template <class In, class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch{};
    /// The size of `p.prepared`, counted in scalars, of a layer with the pattern `prepares`. Such a layer
    /// declares `template <class Pass> static void prepare(const Pass&)`, which gets a PreparePass, and its
    /// forward reads `p.prepared` if `Pass::is_prepared`.
    template <class In, class Backend, class T>
    static constexpr Index prepared = 0;
    /// Multiplications of the forward pass for one sample.
    template <class In>
    static constexpr Index multiplications = 0;
    /// Whether forward draws random numbers from `p.stream` in this mode. A pass then needs a Randomness.
    static constexpr bool draws(Mode) { return false; }
    /// Whether backward reads `p.input`, which is then kept for it. If not, and if the layer has the pattern
    /// `in_place`, its output may overwrite the input.
    static constexpr bool reads_input = true;
    /// Whether backward reads `p.output`, which is then kept for it. If not, the next layer may overwrite the
    /// output.
    static constexpr bool reads_output = false;

    // A layer whose template arguments are not ints alone or types alone may declare
    // `static constexpr void write_arguments(messages::Writer&)`, for texts such as a summary's.

    /// The patterns that the layer takes part in. A layer of your own needs none.
    static constexpr LayerPatterns<LayerDefaults> patterns{};
};

namespace detail {

/// Whether a layer joins branches (layers/branches.hpp): it has several operands, and a network runs it
/// without forward() and backward().
template <class Layer>
inline constexpr bool joins_branches = false;

/// The patterns of exactly this layer: none if it inherits the declaration of another one.
template <class Layer>
inline constexpr LayerPatterns<Layer> patterns_of{};
template <class Layer>
    requires(std::is_same_v<decltype(Layer::patterns), const LayerPatterns<Layer>>)
inline constexpr LayerPatterns<Layer> patterns_of<Layer> = Layer::patterns;

} // namespace detail

/// A layer takes a shape if and only if out() is declared for it.
template <class Layer, class Shape>
concept Accepts = requires(Shape shape) {
    Layer::out(shape);
};

/// The shape of a layer's output, given the shape of its input.
template <class Layer, class Shape>
using output_of = decltype(Layer::out(Shape{}));

} // namespace ctgan::inline CTGAN_ABI
