#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <utility>

namespace ctgan::inline CTGAN_ABI::gpu::detail {

/// An optimizer's update f(parameter, gradient, state...) of parameter i, given its gradient.
template <class F, class T, int States>
struct UpdateAt {
    F f;
    ParameterBlock<T, States> block;

    CTGAN_HD void operator()(Index i, T gradient) const {
        apply(i, gradient, std::make_integer_sequence<int, States>{});
    }

  private:
    template <int... K>
    CTGAN_HD void apply(Index i, T gradient, std::integer_sequence<int, K...>) const {
        ctgan::detail::load_function(f)(block.parameters[i], gradient, block.states[K][i]...);
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu::detail
