#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/diagnosis.hpp>
#include <ctgan/faults.hpp>
#include <ctgan/random.hpp>

#include <array>
#include <type_traits>

namespace ctgan {

/// PyTorch's module.train() and module.eval().
enum class Mode { training, evaluation };

/// What a tensor of a layer is for, which decides how it starts (init.hpp).
enum class Role { weight, bias, norm_weight, norm_bias, running_mean, running_variance };

/// How memory orders a tensor's numbers. Weights lie so that neighbours are what the kernels want side by
/// side.
enum class Order {
    pytorch,   ///< as PyTorch's contiguous tensor
    in_blocks, ///< a Linear layer's weight [out][in] as [block of outputs][in][output of the block]
    taps_first ///< a convolution's weight [0][1][row][column] as [row][column][0][1]: a matrix for each tap
};

/// A parameter or buffer as PyTorch's state_dict() shows it.
struct TensorSpec {
    const char* name;             ///< within its layer: "weight", "running_var"
    Role role;                    ///< decides how it starts
    int fan_in;                   ///< as torch.nn.init counts it; 0 where no initialization asks
    int rank;                     ///< how many dimensions it has, at most 4
    int dims[4];                  ///< as many extents, PyTorch's
    Order order = Order::pytorch; ///< in which memory has the numbers

    /// How many numbers.
    constexpr Index size() const {
        Index n = 1;
        for (int i = 0; i < rank; ++i) n *= dims[i];
        return n;
    }

    /// Where number i of PyTorch's order lies in memory.
    constexpr Index place(Index i) const {
        switch (order) {
        case Order::pytorch:
            return i;
        case Order::in_blocks: {
            const Index inputs = dims[1], out = i / inputs, begin = out / output_block * output_block;
            const Index width = begin + output_block <= dims[0] ? output_block : dims[0] - begin;
            return begin * inputs + i % inputs * width + out % output_block;
        }
        case Order::taps_first:
            break;
        }
        const Index taps = Index{dims[2]} * dims[3];
        return i % taps * (size() / taps) + i / taps;
    }
};

/// A tensor's numbers on the host from PyTorch's order, which files have, to memory's, and back.
template <class T>
void from_pytorch_order(const TensorSpec& tensor, const T* from, T* to) {
    for (Index i = 0; i < tensor.size(); ++i) to[tensor.place(i)] = from[i];
}
/// From memory's order to PyTorch's.
template <class T>
void to_pytorch_order(const TensorSpec& tensor, const T* from, T* to) {
    for (Index i = 0; i < tensor.size(); ++i) to[i] = from[tensor.place(i)];
}

/// Where tensor k of a layer begins within the layer's part of an arena.
template <std::size_t N>
constexpr Index tensor_offset(const std::array<TensorSpec, N>& tensors, std::size_t k) {
    Index offset = 0;
    for (std::size_t i = 0; i < k; ++i) offset += aligned(tensors[i].size());
    return offset;
}

/// What stands in the place of an out() that was forgotten, so that this can be said.
struct NoShape {};
struct NoOut {};

// clang-format off
/// What a layer has unless it says otherwise. A layer is an empty type derived from this one that declares
///
///     static auto out(In) -> Out;     // for exactly those shapes that it takes; never defined
///     template <class Pass> static void forward(const Pass&);
///     template <class Pass> static void backward(const Pass&);
///
/// and re-declares those of the members below that differ. Its formulas call the verbs of `Pass::Backend`
/// (backend.hpp) and never name a room, so it runs in all of them. forward and backward take a pass of every
/// room and scalar, and return void by name: with auto they would be compiled to find out what they return.
// clang-format on
struct LayerDefaults {
    /// What the compiler's sentence says that it takes: a shape, or a type of diagnosis.hpp.
    using Takes = diagnosis::WhatItsOutAccepts;
    /// What is wrong with its own template arguments (faults.hpp).
    using Fault = diagnosis::Fits;
    /// Hidden by a layer's own.
    static auto out(NoShape) -> NoOut;
    /// Learned tensors and running statistics.
    static constexpr std::array<TensorSpec, 0> parameters{};
    /// The latter.
    static constexpr std::array<TensorSpec, 0> buffers{};
    /// What forward leaves for backward besides input and output.
    template <class In>
    static constexpr Extent saved{};
    /// Numbers of working memory that forward or backward needs while it runs, by those algorithms.
    template <class In, class Backend, class T, Algorithms which>
    static constexpr Extent scratch{};
    /// Multiplications of the forward pass for one sample.
    template <class In>
    static constexpr Index multiplications = 0;
    /// Whether backward reads the layer's input: it is kept for it.
    static constexpr bool reads_input = true;
    /// Whether backward reads the layer's output: it is kept for it.
    static constexpr bool reads_output = false;
    /// Whether output may lie where input lies, and input gradient where output gradient lies.
    static constexpr bool in_place = false;
    // What a pattern of neighbouring layers (patterns.hpp) may ask of this one, if it says that it can.
    /// forward applies `Pass::Function` to its output.
    static constexpr bool applies_function = false;
    /// backward applies the slope of `Pass::PreviousFunction` to its input gradient (SlopeOf), given its
    /// input, which is that function's value and is kept.
    static constexpr bool applies_slope = false;
    /// forward and backward make use of `input_factors` and `output_factors`.
    static constexpr bool skips_channels = false;
    /// A dropout: `saved` holds a factor for each channel of each sample, [sample][channel], and
    /// `drops(Mode)` says whether they were applied.
    static constexpr bool drops_channels = false;
    /// Parameter 0's gradient is the sum over the batch of outer products of input and output gradient;
    /// backward leaves it out where not `Pass::to_weight`, and `update_weight<Backend>(f, batch, input,
    /// output_gradient, weight, state...)` is an optimizer's step with it.
    static constexpr bool weight_gradient_is_product = false;
    /// Whether output is input, under another type or the same, so that there is nothing to run.
    static constexpr bool identity = false;
};

/// A layer takes a shape if and only if out() is declared for it.
template <class Layer, class Shape>
concept Accepts = requires(Shape shape) {
    Layer::out(shape);
};

/// The shape that leaves it.
template <class Layer, class Shape>
using output_of = decltype(Layer::out(Shape{}));

/// The gradient in front of an elementwise function, given its value y and the gradient behind it. The
/// function is `Pass::PreviousFunction` of a layer that applies_slope; Identity changes nothing.
template <class Function>
struct SlopeOf {
    /// dy times the slope at the value y.
    template <class T>
    CTGAN_HD T operator()(T y, T dy) const {
        if constexpr (std::is_same_v<Function, Identity>)
            return dy;
        else
            return dy * Function{}.slope(y);
    }
};

/// What a layer's forward() is handed. All pointers are into the backend's memory.
template <class Layer, class In, class B, class T, class FunctionBehind = Identity>
struct ForwardPass {
    using Backend = B;                   ///< the room, whose verbs the layer calls
    using Function = FunctionBehind;     ///< Identity, except where the layer `applies_function`
    using Scalar = T;                    ///< of all numbers
    using Input = In;                    ///< the shape of an input sample
    using Output = output_of<Layer, In>; ///< the shape of an output sample

    int batch; ///< samples
    Mode mode; ///< training or evaluation
    /// The layer's own random numbers for this pass.
    random::Stream stream;
    /// Whether to draw random numbers at all; if not, those in `saved` are to be used as they are.
    bool draw;

    const T* input;         ///< [batch] of Input
    T* output;              ///< [batch] of Output, to be written
    const T* parameters;    ///< the layer's part of the arena; see parameter()
    const T* buffers;       ///< the layer's running statistics; see buffer()
    T* updated_buffers;     ///< the same buffers where they may be written, in training mode; else null
    T* saved;               ///< what backward will find, LayerDefaults::saved numbers
    T* scratch;             ///< LayerDefaults::scratch numbers that hold nothing before and after
    const T* input_factors; ///< of the dropout in front, where the layer `skips_channels`; or null
    Algorithms algorithms;  ///< the best for this batch in training mode in a workspace for training

    /// Learned tensor K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
    /// Running statistic K.
    template <int K>
    const T* buffer() const {
        return buffers + tensor_offset(Layer::buffers, K);
    }
    /// The same where it may be written, in training mode.
    template <int K>
    T* updated_buffer() const {
        return updated_buffers + tensor_offset(Layer::buffers, K);
    }
};

/// What a layer's backward() is handed. Which gradients are wanted is part of the type: those of a frozen
/// network's parameters are not even compiled.
template <class Layer, class In, class B, class T, bool ToInput, bool ToParameters, bool ToWeight = true,
          class FunctionInFront = Identity>
struct BackwardPass {
    using Backend = B;                                          ///< the room, whose verbs the layer calls
    using Scalar = T;                                           ///< of all numbers
    using Input = In;                                           ///< the shape of an input sample
    using Output = output_of<Layer, In>;                        ///< the shape of an output sample
    static constexpr bool to_input = ToInput;                   ///< input_gradient is wanted
    static constexpr bool to_parameters = ToParameters;         ///< parameter_gradients are wanted
    static constexpr bool to_weight = ToParameters && ToWeight; ///< or it is left to the optimizer
    using PreviousFunction = FunctionInFront; ///< Identity, except where the layer `applies_slope`

    int batch; ///< samples
    Mode mode; ///< that of the forward pass
    bool add;  ///< parameter gradients are added to what is there

    const T* input;           ///< [batch] of Input, where the layer `reads_input`
    const T* output;          ///< [batch] of Output, where it `reads_output`
    const T* output_gradient; ///< [batch] of Output
    T* input_gradient;        ///< [batch] of Input, to be written
    const T* parameters;      ///< the layer's part of the arena; see parameter()
    T* parameter_gradients;   ///< likewise of the gradients; see gradient()
    T* saved;                 ///< what forward left
    T* scratch;               ///< LayerDefaults::scratch numbers that hold nothing before and after
    const T* input_factors;   ///< of the dropout in front, where the layer `skips_channels`; or null
    const T* output_factors;  ///< likewise of the one behind: they multiplied the output gradient
    Algorithms algorithms;    ///< the best for this batch after a forward pass in training mode

    /// Learned tensor K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
    /// Its gradient, to be written or added to.
    template <int K>
    T* gradient() const {
        return parameter_gradients + tensor_offset(Layer::parameters, K);
    }
};

namespace detail {

// Both are asked with no room and float.

/// Whether backward can be called, where the network is trained; a layer that is its input needs none.
template <class Layer, class In>
concept HasBackward = Layer::identity ||
    requires(const BackwardPass<Layer, In, diagnosis::MissingRoom, float, true, true>& pass) {
    Layer::backward(pass);
};
template <class Layer, class In>
concept HasForward = Layer::identity ||
    requires(const ForwardPass<Layer, In, diagnosis::MissingRoom, float>& pass) {
    Layer::forward(pass);
};

} // namespace detail

/// The factors of a weight's gradient that backward left to the optimizer: the gradient is the sum over the
/// batch of outer products of input and output gradient. They point to the user's input batch and into the
/// workspace (where nothing stands behind the layer, to the user's gradient), which have to stay as they are
/// until the step.
template <class T>
struct WeightGradientFactors {
    int batch;                ///< samples
    const T* input;           ///< [batch][in]
    const T* output_gradient; ///< [batch][out]
};

} // namespace ctgan
