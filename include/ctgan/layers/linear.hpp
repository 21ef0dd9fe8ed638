#pragma once

#include <ctgan/layer.hpp>

namespace ctgan {

/// y = x Wᵀ + b, x of shape [batch, In], W [Out, In], b [Out], y [batch, Out]. The same as
/// torch.nn.Linear(In, Out).
template <int In, int Out>
struct Linear : LayerDefaults {
    static auto out(Flat<In>) -> Flat<Out>;
    using Takes = Flat<In>;
    using Start = Flat<In>; ///< a network may begin with it

    static constexpr std::array parameters{
        TensorSpec{"weight", Role::weight, In, 2, {Out, In}, Order::in_blocks},
        TensorSpec{"bias", Role::bias, In, 1, {Out}}};
    template <class>
    static constexpr Index multiplications = Index{In} * Out;
    static constexpr bool applies_function = true;
    static constexpr bool weight_gradient_is_product = true;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template linear<In, Out>(p.batch, p.input, p.template parameter<0>(),
                                                p.template parameter<1>(), p.output,
                                                typename Pass::Function{});
    }

    /// dW = dyᵀ x,  db = sum of dy,  dx = dy W.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        if constexpr (Pass::to_weight)
            B::template linear_weight_gradient<In, Out>(p.batch, p.input, p.output_gradient,
                                                        p.template gradient<0>(), p.add);
        if constexpr (Pass::to_parameters)
            B::template sum_rows<Out>(p.batch, p.output_gradient, p.template gradient<1>(), p.add);
        if constexpr (Pass::to_input)
            B::template linear_input_gradient<In, Out>(p.batch, p.output_gradient, p.template parameter<0>(),
                                                       p.input_gradient);
    }

    /// An optimizer's step for W, whose gradient dyᵀ x is not stored.
    template <class Backend, class F, class T, class... State>
    static void update_weight(F f, int batch, const T* input, const T* output_gradient, T* weight,
                              State*... state) {
        Backend::template linear_update<In, Out>(f, batch, input, output_gradient, weight, state...);
    }
};

} // namespace ctgan
