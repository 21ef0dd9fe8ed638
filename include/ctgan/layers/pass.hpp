#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/messages/missing_backend.hpp>

#include <type_traits>

namespace ctgan {

/// The gradient to the input of an elementwise function, given its value y and the gradient dy to its output.
/// The function is `Pass::PreviousFunction` of a layer that `applies_slope`; Identity leaves dy as it is.
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

/// The argument of a layer's forward(). All pointers are into the backend's memory.
template <class Layer, class In, class B, class T, class FunctionBehind = Identity>
struct ForwardPass {
    using Backend = B;                   ///< whose operations the layer calls
    using Function = FunctionBehind;     ///< Identity unless the layer `applies_function`
    using Scalar = T;                    ///< type of all values
    using Input = In;                    ///< shape of an input sample
    using Output = output_of<Layer, In>; ///< shape of an output sample

    int batch; ///< samples
    Mode mode; ///< training or evaluation
    /// The layer's own random numbers for this pass.
    random::Stream stream;
    /// Whether to draw random numbers. If not, use those in `saved` as they are.
    bool draw;

    const T* input;         ///< [batch] of Input
    T* output;              ///< [batch] of Output, to be written
    const T* parameters;    ///< the layer's part of the arena; see parameter()
    const T* buffers;       ///< the layer's running statistics; see buffer()
    T* updated_buffers;     ///< the same buffers for writing, in training mode; else null
    T* saved;               ///< what backward will find: LayerDefaults::saved values
    T* scratch;             ///< LayerDefaults::scratch values, without content before and after
    const T* input_factors; ///< of the dropout in front if the layer `skips_channels`; or null
    Algorithms algorithms;  ///< `fastest` in training mode in a workspace for training

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
    /// Running statistic K for writing, in training mode.
    template <int K>
    T* updated_buffer() const {
        return updated_buffers + tensor_offset(Layer::buffers, K);
    }
};

/// The argument of a layer's backward(). Which gradients are wanted is part of the type: those of a frozen
/// network's parameters are not even compiled.
template <class Layer, class In, class B, class T, bool ToInput, bool ToParameters, bool ToWeight = true,
          class FunctionInFront = Identity>
struct BackwardPass {
    using Backend = B;                                  ///< whose operations the layer calls
    using Scalar = T;                                   ///< type of all values
    using Input = In;                                   ///< shape of an input sample
    using Output = output_of<Layer, In>;                ///< shape of an output sample
    static constexpr bool to_input = ToInput;           ///< whether input_gradient is wanted
    static constexpr bool to_parameters = ToParameters; ///< whether parameter_gradients are wanted
    static constexpr bool to_weight =
        ToParameters && ToWeight;             ///< false: the optimizer computes the gradient to parameter 0
    using PreviousFunction = FunctionInFront; ///< Identity unless the layer `applies_slope`

    int batch; ///< samples
    Mode mode; ///< of the forward pass
    bool add;  ///< add parameter gradients to what is there

    const T* input;           ///< [batch] of Input, if the layer `reads_input`
    const T* output;          ///< [batch] of Output, if the layer `reads_output`
    const T* output_gradient; ///< [batch] of Output
    T* input_gradient;        ///< [batch] of Input, to be written
    const T* parameters;      ///< the layer's part of the arena; see parameter()
    T* parameter_gradients;   ///< the layer's part of the gradients' arena; see gradient()
    T* saved;                 ///< what forward left
    T* scratch;               ///< LayerDefaults::scratch values, without content before and after
    const T* input_factors;   ///< of the dropout in front if the layer `skips_channels`; or null
    const T* output_factors;  ///< of the dropout behind, which multiplied the output gradient; or null
    Algorithms algorithms;    ///< `fastest` after a forward pass in training mode

    /// Learned tensor K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
    /// The gradient to learned tensor K, to be written or added to.
    template <int K>
    T* gradient() const {
        return parameter_gradients + tensor_offset(Layer::parameters, K);
    }
};

namespace detail {

// Both are checked with float and without a backend.

/// Whether backward can be called, which training needs. An identity layer needs none.
template <class Layer, class In>
concept HasBackward = Layer::identity ||
    requires(const BackwardPass<Layer, In, messages::MissingBackend, float, true, true>& pass) {
    Layer::backward(pass);
};
template <class Layer, class In>
concept HasForward = Layer::identity ||
    requires(const ForwardPass<Layer, In, messages::MissingBackend, float>& pass) {
    Layer::forward(pass);
};

} // namespace detail

/// The factors of a weight gradient that backward left to the optimizer: the gradient is the sum over the
/// batch of outer products of input and output gradient. They point to the user's input batch and into the
/// workspace (or, if no other layer follows, to the user's gradient); both have to stay unchanged until the
/// step.
template <class T>
struct WeightGradientFactors {
    int batch;                ///< samples
    const T* input;           ///< [batch][in]
    const T* output_gradient; ///< [batch][out]
};

} // namespace ctgan
