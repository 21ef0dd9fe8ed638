#pragma once

#include <ctgan/layer.hpp>

namespace ctgan {

/// y = x Wᵀ + b, W of shape [Out, In]. The same as torch.nn.Linear(In, Out).
template <int In, int Out>
struct Linear : LayerDefaults {
    static auto out(Flat<In>) -> Flat<Out>;
    using Takes = Flat<In>;
    using Start = Flat<In>; ///< a network may begin with it

    static constexpr std::array parameters{TensorSpec{"weight", Role::weight, In, 2, {Out, In}, Order::in_first},
                                           TensorSpec{"bias", Role::bias, In, 1, {Out}}};
    template <class>
    static constexpr Index multiplications = Index{In} * Out;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::template linear<In, Out>(p.batch, p.input, p.template parameter<0>(),
                                                p.template parameter<1>(), p.output,
                                                typename Pass::Epilogue{});
    }

    /// dW = dyᵀ x,  db = sum of dy,  dx = dy W.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        if constexpr (Pass::to_parameters) {
            B::template linear_weight_gradient<In, Out>(p.batch, p.input, p.output_gradient,
                                                        p.template gradient<0>(), p.add);
            B::template sum_rows<Out>(p.batch, p.output_gradient, p.template gradient<1>(), p.add);
        }
        if constexpr (Pass::to_input)
            B::template linear_input_gradient<In, Out>(p.batch, p.output_gradient, p.template parameter<0>(),
                                                       p.input_gradient);
    }
};

} // namespace ctgan
