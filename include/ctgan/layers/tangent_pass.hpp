#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/messages/missing_backend.hpp>

#include <type_traits>

/// What a layer gets in the passes that a penalty on the slope of a network consists of (network/slopes.hpp).
/// Each follows a forward pass h -> y = f(h) and a backward pass that had the gradient g with respect to y.
/// With J, the Jacobian of f at h, and a direction t of h, the tangent, they are about the number gᵀ J t.
namespace ctgan::inline CTGAN_ABI {

/// For forward() of a layer with Tangent::forward: J t of a function that is linear in its input but for a
/// bias. All parameters but number 0 are null.
template <class Layer, class In, class B, class T>
struct LinearTangentPass : ForwardPass<Layer, In, B, T> {
    /// Parameter K.
    template <int K>
    const T* parameter() const {
        return K == 0 ? ForwardPass<Layer, In, B, T>::template parameter<0>() : nullptr;
    }
};

/// For tangent() of a layer with Tangent::own: J t.
template <class Layer, class In, class B, class T>
struct TangentPass {
    using Backend = B;                   ///< provides the operations
    using Scalar = T;                    ///< float or double
    using Input = In;                    ///< shape of an input sample
    using Output = output_of<Layer, In>; ///< shape of an output sample

    int batch; ///< the number of samples of the forward pass
    Mode mode; ///< the mode of the forward pass
    /// h, if the layer `reads_input`; otherwise nothing that could be read.
    std::conditional_t<Layer::reads_input, const T*, InputIsNotKept> input;
    /// y, if the layer `reads_output`; otherwise nothing that could be read.
    std::conditional_t<Layer::reads_output, const T*, OutputIsNotKept> output;
    const T* tangent;      ///< t, [batch] of Input
    T* output_tangent;     ///< J t, [batch] of Output, to be written
    const T* parameters;   ///< the layer's learned tensors
    T* saved;              ///< as forward() stored it
    T* scratch;            ///< LayerDefaults::scratch scalars; undefined at the start, not kept
    Algorithms algorithms; ///< `fastest` after a forward pass in training mode

    /// Parameter K.
    template <int K>
    const T* parameter() const {
        return parameters + tensor_offset(Layer::parameters, K);
    }
};

/// For tangent_gradient() of a layer with parameters: the gradient of gᵀ J t with respect to them, which is
/// added to what is there, with t as `input` and g as `output_gradient`. Of a layer with Tangent::forward it
/// is the ordinary gradient of these two with respect to parameter 0; that with respect to a bias is 0. Such
/// a layer may call its backward(), where `to_input` and `to_parameters` are false.
template <class Layer, class In, class B, class T>
struct TangentGradientPass : BackwardPass<Layer, In, B, T, false, false> {
    static constexpr bool to_weight = true; ///< the gradient with respect to parameter 0 is wanted
    const T* kept_input;                    ///< h, if the layer `reads_input`
};

/// What such passes are made of. All pointers are as in ForwardPass and BackwardPass.
template <class T>
struct TangentOperands {
    int batch;             ///< the number of samples of the forward pass
    Mode mode;             ///< the mode of the forward pass
    const T* tangent;      ///< t
    const T* parameters;   ///< the layer's learned tensors
    T* saved;              ///< as forward() stored it
    T* scratch;            ///< undefined at the start, not kept
    Algorithms algorithms; ///< `fastest` after a forward pass in training mode

    /// J t to `output`.
    template <class Layer, class In, class B>
    auto linear(T* output) const {
        return LinearTangentPass<Layer, In, B, T>{{.batch = batch,
                                                   .mode = mode,
                                                   .stream = random::Stream{},
                                                   .draw = false,
                                                   .input = tangent,
                                                   .output = output,
                                                   .parameters = parameters,
                                                   .buffers = nullptr,
                                                   .prepared = {},
                                                   .updated_buffers = nullptr,
                                                   .saved = saved,
                                                   .scratch = scratch,
                                                   .input_factors = {},
                                                   .algorithms = algorithms}};
    }
    /// Its gradient with g, added to that of the parameters or in its place.
    template <class Layer, class In, class B>
    auto gradient(const T* kept_input, const T* output_gradient, T* parameter_gradients, bool add) const {
        return TangentGradientPass<Layer, In, B, T>{{.batch = batch,
                                                     .mode = mode,
                                                     .add = add,
                                                     .input = tangent,
                                                     .output = static_cast<const T*>(nullptr),
                                                     .output_gradient = output_gradient,
                                                     .input_gradient = nullptr,
                                                     .parameters = parameters,
                                                     .parameter_gradients = parameter_gradients,
                                                     .saved = saved,
                                                     .scratch = scratch,
                                                     .input_factors = {},
                                                     .output_factors = {},
                                                     .algorithms = algorithms},
                                                    kept_input};
    }
};

/// For curvature(): the gradient of gᵀ J t with respect to h.
template <class Layer, class In, class B, class T>
struct CurvaturePass : TangentPass<Layer, In, B, T> {
    const T* output_gradient; ///< g, [batch] of Output
    /// [batch] of Input, to be written; may equal `output_gradient` if Input and Output have the same size
    T* adjoint;
};

namespace detail {

// Whether a layer declares these functions, checked with float and without a backend.
template <class Layer, class In>
concept HasTangent = requires(const TangentPass<Layer, In, messages::MissingBackend, float>& pass) {
    Layer::tangent(pass);
};
template <class Layer, class In>
concept HasTangentGradient =
    requires(const TangentGradientPass<Layer, In, messages::MissingBackend, float>& pass) {
    Layer::tangent_gradient(pass);
};
template <class Layer, class In>
concept HasCurvature = requires(const CurvaturePass<Layer, In, messages::MissingBackend, float>& pass) {
    Layer::curvature(pass);
};

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI
