#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/layers/tensor_spec.hpp>
#include <ctgan/messages/layer_errors.hpp>
#include <ctgan/messages/mismatch.hpp>

#include <array>

namespace ctgan {

/// PyTorch's module.train() and module.eval().
enum class Mode { training, evaluation };

/// The argument of LayerDefaults::out(), by which messages recognize a layer that declares no out() of its
/// own.
struct NoShape {};
/// The result of LayerDefaults::out().
struct NoOut {};

// clang-format off
/// What a layer has unless it says otherwise. A layer is an empty type derived from this one that declares
///
///     static auto out(In) -> Out;     // for exactly the shapes that it takes; never defined
///     template <class Pass> static void forward(const Pass&);
///     template <class Pass> static void backward(const Pass&);
///
/// and redeclares those of the members below that differ. forward and backward (pass.hpp) call the operations
/// of `Pass::Backend` (backend/backend.hpp) and never name a backend, so a layer runs on all of them and in
/// all scalar types. Write their return type as `void`: to deduce it from `auto`, the compiler would have to
/// instantiate the body already when it checks whether the function exists.
// clang-format on
struct LayerDefaults {
    /// What the layer takes, for messages: a shape, or a type of messages/mismatch.hpp.
    using Takes = messages::WhatItsOutAccepts;
    /// What is wrong with the layer's own template arguments (messages/layer_errors.hpp).
    using ArgumentError = messages::NoProblem;
    /// Hidden by the layer's own out().
    static auto out(NoShape) -> NoOut;
    /// The learned tensors.
    static constexpr std::array<TensorSpec, 0> parameters{};
    /// The running statistics.
    static constexpr std::array<TensorSpec, 0> buffers{};
    /// What forward leaves for backward besides input and output.
    template <class In>
    static constexpr MemorySize saved{};
    /// Values of scratch memory that forward or backward needs while it runs, with these algorithms.
    template <class In, class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch{};
    /// Multiplications of the forward pass for one sample.
    template <class In>
    static constexpr Index multiplications = 0;
    /// Whether backward reads the layer's input, which is then kept for it.
    static constexpr bool reads_input = true;
    /// Whether backward reads the layer's output, which is then kept for it.
    static constexpr bool reads_output = false;
    /// Whether the output may overwrite the input, and the input gradient the output gradient.
    static constexpr bool in_place = false;
    // What the layer can do for the patterns of neighbouring layers (network/patterns.hpp):
    /// forward applies `Pass::Function` to its output.
    static constexpr bool applies_function = false;
    /// backward applies the slope of `Pass::PreviousFunction` to its input gradient (SlopeOf), given its
    /// input, which is the value of that function and is kept.
    static constexpr bool applies_slope = false;
    /// forward and backward make use of `input_factors` and `output_factors`.
    static constexpr bool skips_channels = false;
    /// The layer is a dropout: `saved` holds a factor for each channel of each sample, [sample][channel], and
    /// `drops(Mode)` says whether they were applied.
    static constexpr bool drops_channels = false;
    /// The gradient to parameter 0 is the sum over the batch of outer products of input and output gradient.
    /// backward leaves it out unless `Pass::to_weight`, and `update_weight<Backend>(block, input,
    /// output_gradient, batch, f)` is an optimizer's step with it.
    static constexpr bool weight_gradient_is_product = false;
    /// Whether the output is the input, under the same type or another, so that there is nothing to run.
    static constexpr bool identity = false;
};

/// A layer takes a shape if and only if out() is declared for it.
template <class Layer, class Shape>
concept Accepts = requires(Shape shape) {
    Layer::out(shape);
};

/// The shape of a layer's output, given the shape of its input.
template <class Layer, class Shape>
using output_of = decltype(Layer::out(Shape{}));

} // namespace ctgan
