#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>

namespace ctgan::inline CTGAN_ABI {

/// y = x Wᵀ + b, with x of shape [batch, In], W [Out, In], b [Out], y [batch, Out]; without b if `Bias` is
/// false. Equals torch.nn.Linear(In, Out, Bias).
template <int In, int Out, bool Bias = true>
struct Linear : LayerDefaults {
    static auto out(Flat<In>) -> Flat<Out>;
    using Takes = Flat<In>;
    using ArgumentError =
        messages::first_problem<messages::require<messages::inputs, In, messages::at_least<1>>,
                                messages::require<messages::outputs, Out, messages::at_least<1>>>;
    using Start = Flat<In>; ///< a network may begin with it

    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<" << In << ", " << Out << (Bias ? ">" : ", no bias>");
    }

    static constexpr auto parameters =
        weight_and_bias<Bias>(TensorSpec{"weight", Role::weight, In, 2, {Out, In}, Layout::blocked},
                              TensorSpec{"bias", Role::bias, In, 1, {Out}});
    template <class>
    static constexpr Index multiplications = Index{In} * Out;
    static constexpr LayerPatterns<Linear> patterns{.applies_function = true,
                                                    .weight_gradient_is_product = true,
                                                    .leaves_gradients = true,
                                                    .tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template linear<In, Out>(p.output, p.input, p.template parameter<0>(),
                                                Bias ? p.template parameter<1>() : nullptr, p.batch,
                                                typename Pass::Function{});
    }

    /// dW = dyᵀ x,  db = sum of dy,  dx = dy W.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        if constexpr (Pass::to_weight)
            B::template linear_weight_gradient<In, Out>(p.template gradient<0>(), p.input, p.output_gradient,
                                                        p.batch, p.add);
        if constexpr (Bias && Pass::to_parameters)
            B::template sum_rows<Out>(p.template gradient<1>(), p.output_gradient, p.batch, p.add);
        if constexpr (Pass::to_input)
            B::template linear_input_gradient<In, Out>(p.input_gradient, p.output_gradient,
                                                       p.template parameter<0>(), p.batch);
    }

    template <class Pass>
    static void tangent_gradient(const Pass& p) {
        backward(p); // dW alone
    }

    /// An optimizer's step for W, whose gradient dyᵀ x is not stored.
    template <class Backend, class F, class T, int States>
    static void update_weight(const ParameterBlock<T, States>& block, const T* input,
                              const T* output_gradient, int batch, F f) {
        Backend::template linear_update<In, Out>(block, input, output_gradient, batch, f);
    }
};

} // namespace ctgan::inline CTGAN_ABI
