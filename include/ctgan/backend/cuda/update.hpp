#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/shape.hpp>

#include <utility>

namespace ctgan::cuda::detail {

/// An optimizer's update f(parameter, gradient, state...) of parameter i, given its gradient.
template <class F, class T, int States>
struct UpdateAt {
    F f;
    T* parameter;
    T* state[States == 0 ? 1 : States];

    CTGAN_HD void operator()(Index i, T gradient) const {
        apply(i, gradient, std::make_integer_sequence<int, States>{});
    }

  private:
    template <int... K>
    CTGAN_HD void apply(Index i, T gradient, std::integer_sequence<int, K...>) const {
        present(f)(parameter[i], gradient, state[K][i]...);
    }
};

} // namespace ctgan::cuda::detail
