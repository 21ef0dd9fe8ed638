#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/messages/missing_backend.hpp>

#include <cstdint>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// The gradient with respect to the input of an elementwise function, given the function's value y and the
/// gradient dy with respect to y. `Function` is `Pass::PreviousFunction` of a layer that `applies_slope`;
/// IdentityFunction leaves dy unchanged.
template <class Function>
struct SlopeOf {
    /// dy times the function's derivative where its value is y.
    template <class T>
    CTGAN_HD T operator()(T y, T dy) const {
        if constexpr (std::is_same_v<Function, IdentityFunction>)
            return dy;
        else
            return dy * Function{}.slope(y);
    }
};

/// The type of `stream` in the ForwardPass of a layer that does not declare that it `draws` random numbers.
struct DrawsNothing {
    constexpr DrawsNothing(const random::Stream&) {} ///< ignores the stream
};

/// The type of `prepared` in the ForwardPass of a network that is not Frozen.
struct NotPrepared {
    /// Null.
    template <class T>
    constexpr operator const T*() const {
        return nullptr;
    }
};

/// The argument of a layer's prepare(), with which a Frozen network computes once what forward() then reads
/// in each pass. All pointers are into the backend's memory.
template <class Layer, class In, class B, class T>
struct PreparePass {
    using Backend = B; ///< provides the operations
    using Scalar = T;  ///< float or double
    using Input = In;  ///< shape of an input sample

    int batch;           ///< the largest batch of a pass
    const T* parameters; ///< the layer's learned tensors; see parameter()
    const T* buffers;    ///< the layer's running statistics; see buffer()
    T* prepared;         ///< LayerDefaults::prepared scalars, to be written

    /// Parameter K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
    /// Buffer K.
    template <int K>
    const T* buffer() const {
        return buffers + tensor_offset(Layer::buffers, K);
    }
};

/// The argument of a layer's initialize_buffers(), when a network is constructed. All pointers are into the
/// backend's memory.
template <class Layer, class B, class T>
struct InitializePass {
    using Backend = B; ///< provides the operations
    using Scalar = T;  ///< float or double

    const T* parameters;  ///< the layer's learned tensors, initialized; see parameter()
    T* buffers;           ///< the layer's buffers; see buffer()
    random::Stream first; ///< the random numbers of its first buffer; see stream()

    /// Parameter K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
    /// Buffer K, to be written.
    template <int K>
    T* buffer() const {
        return buffers + tensor_offset(Layer::buffers, K);
    }
    /// Random numbers for buffer K.
    template <int K>
    random::Stream stream() const {
        random::Stream own = first;
        own.purpose += static_cast<std::uint32_t>(K);
        return own;
    }
};

/// The argument of a layer's forward(). All pointers are into the backend's memory.
template <class Layer, class In, class B, class T, class FunctionAfter = IdentityFunction,
          class InFactors = NoFactors, class Prepared = NotPrepared>
struct ForwardPass {
    using Backend = B;                   ///< provides the operations, such as `Backend::map`
    using Function = FunctionAfter;      ///< IdentityFunction unless the layer `applies_function`
    using Scalar = T;                    ///< float or double, for activations, parameters and buffers
    using Input = In;                    ///< shape of an input sample
    using Output = output_of<Layer, In>; ///< shape of an output sample
    /// Whether prepare() has run, so that `prepared` can be read.
    static constexpr bool is_prepared = !std::is_same_v<Prepared, NotPrepared>;

    int batch; ///< the number of samples of `input` and `output`
    Mode mode; ///< training in Network::forward_training(), evaluation in Network::forward()
    /// The layer's own random numbers for this pass, if it `draws`.
    std::conditional_t<Layer::draws(Mode::training) || Layer::draws(Mode::evaluation), random::Stream,
                       DrawsNothing>
        stream;
    /// Whether to draw random numbers from `stream`. If not, use the values in `saved` unchanged: for
    /// example, a dropout mask that a test has put there.
    bool draw;

    /// [batch] of Input; labels if that is Classes
    const typename In::template value<T>* input;
    T* output;           ///< [batch] of Output, to be written; may equal `input` if the layer is `in_place`
    const T* parameters; ///< the layer's learned tensors; see parameter()
    const T* buffers;    ///< the layer's running statistics; see buffer()
    Prepared prepared;   ///< const T*, what prepare() computed, if the network is Frozen
    T* updated_buffers;  ///< the same buffers for writing, in training mode; otherwise null
    T* saved;            ///< LayerDefaults::saved scalars, kept for backward
    T* scratch;          ///< LayerDefaults::scratch scalars; undefined at the start, not kept
    /// Channel factors of a directly preceding dropout, [sample][channel], for a layer that declares
    /// `skips_channels`: const T*, null where nothing was dropped; NoFactors if there is no such dropout.
    InFactors input_factors;
    Algorithms algorithms; ///< `fastest` in training mode with a training workspace, `prepared` if Frozen

    /// Parameter K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
    /// Buffer K.
    template <int K>
    const T* buffer() const {
        return buffers + tensor_offset(Layer::buffers, K);
    }
    /// Buffer K for writing, in training mode.
    template <int K>
    T* updated_buffer() const {
        return updated_buffers + tensor_offset(Layer::buffers, K);
    }
};

/// The type of `input` in the BackwardPass of a layer that does not declare `reads_input`: its input may have
/// been overwritten.
struct InputIsNotKept {
    constexpr InputIsNotKept(const void*) {} ///< ignores the address
};
/// The type of `output` in the BackwardPass of a layer that does not declare `reads_output`.
struct OutputIsNotKept {
    constexpr OutputIsNotKept(const void*) {} ///< ignores the address
};

/// The argument of a layer's backward(). Which gradients are wanted is part of the type: those of a frozen
/// network's parameters are not even compiled.
template <class Layer, class In, class B, class T, bool ToInput, bool ToParameters, bool ToWeight = true,
          class FunctionBefore = IdentityFunction, class InFactors = NoFactors, class OutFactors = NoFactors>
struct BackwardPass {
  private:
    static constexpr bool has_previous_function = !std::is_same_v<FunctionBefore, IdentityFunction>;

  public:
    using Backend = B;                   ///< provides the operations, such as `Backend::zip`
    using Scalar = T;                    ///< float or double, for activations, parameters and gradients
    using Input = In;                    ///< shape of an input sample
    using Output = output_of<Layer, In>; ///< shape of an output sample
    /// Whether input_gradient is wanted; always true for a layer without parameters.
    static constexpr bool to_input = ToInput;
    /// Whether parameter_gradients are wanted.
    static constexpr bool to_parameters = ToParameters;
    /// If false, backward leaves out the gradient with respect to parameter 0: the optimizer computes it.
    static constexpr bool to_weight = ToParameters && ToWeight;
    using PreviousFunction = FunctionBefore; ///< IdentityFunction unless the layer `applies_slope`

    int batch; ///< the number of samples of the forward pass
    Mode mode; ///< the mode of the forward pass
    bool add;  ///< whether parameter gradients are added to what is there, instead of overwriting it

    /// [batch] of Input, if the layer `reads_input`; otherwise nothing that could be read. Labels if Input is
    /// Classes.
    std::conditional_t<Layer::reads_input || has_previous_function, const typename In::template value<T>*,
                       InputIsNotKept>
        input;
    /// [batch] of Output, if the layer `reads_output`; otherwise nothing that could be read.
    std::conditional_t<Layer::reads_output, const T*, OutputIsNotKept> output;
    const T* output_gradient; ///< [batch] of Output
    T* input_gradient;        ///< [batch] of Input; never null, to be written only if `to_input`
    const T* parameters;      ///< the layer's learned tensors; see parameter()
    T* parameter_gradients;   ///< to be written only if `to_parameters`; see gradient()
    T* saved;                 ///< LayerDefaults::saved scalars, as forward stored them
    T* scratch;               ///< LayerDefaults::scratch scalars; undefined at the start, not kept
    /// Channel factors of a directly preceding dropout, [sample][channel], for a layer that declares
    /// `skips_channels`: const T*, null where nothing was dropped; NoFactors if there is no such dropout.
    InFactors input_factors;
    /// The same of a dropout that follows directly or after an activation. The output gradient has already
    /// been multiplied by them.
    OutFactors output_factors;
    Algorithms algorithms; ///< `fastest` after a forward pass in training mode

    /// Parameter K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
    /// [batch] of Input: the values of PreviousFunction, for SlopeOf. For IdentityFunction, which needs no
    /// values, they are undefined.
    const T* previous_value() const {
        if constexpr (has_previous_function)
            return input;
        else
            return output_gradient;
    }
    /// The gradient with respect to parameter K, to be written or, if `add`, to be added to.
    template <int K>
    T* gradient() const {
        return parameter_gradients + tensor_offset(Layer::parameters, K);
    }
};

namespace detail {

// Both are checked with float and without a backend.

/// Whether backward can be called, which training needs. An identity layer needs none.
template <class Layer, class In>
concept HasBackward = patterns_of<Layer>
.is_identity || joins_branches<Layer> ||
    requires(const BackwardPass<Layer, In, messages::MissingBackend, float, true, true>& pass) {
    Layer::backward(pass);
};
template <class Layer, class In>
concept HasForward = patterns_of<Layer>
.is_identity || requires(const ForwardPass<Layer, In, messages::MissingBackend, float>& pass) {
    Layer::forward(pass);
};

} // namespace detail

/// The factors of a weight gradient that backward left to the optimizer: the gradient is the sum over the
/// batch of outer products of input and output gradient. They point to the user's input batch and into the
/// workspace (or, if nothing but sums of branches follows, to the user's output gradient). Both
/// must stay unchanged until the step.
template <class T>
struct WeightGradientFactors {
    int batch;                ///< the number of samples
    const T* input;           ///< [batch][in]
    const T* output_gradient; ///< [batch][out]
};

} // namespace ctgan::inline CTGAN_ABI
