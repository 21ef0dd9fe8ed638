#pragma once

#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/shape.hpp>

#include <utility>

namespace ctgan::cpu {

/// An optimizer's update f(parameter, gradient, state...) of neighbouring parameters, given their gradient in
/// a register.
template <class F, class T, class... State>
struct UpdatePacks {
    static constexpr int states = sizeof...(State);
    F f;
    T* parameter;
    T* state[states == 0 ? 1 : states];

    void operator()(Index at, Pack<T> gradient) const {
        apply(at, gradient, std::make_integer_sequence<int, states>{});
    }
    /// Only the first `lanes` of them.
    void operator()(Index at, Pack<T> gradient, int lanes) const {
        T gradients[Pack<T>::size];
        gradient.store(gradients);
        for (int i = 0; i < lanes; ++i)
            apply_lone(at + i, gradients[i], std::make_integer_sequence<int, states>{});
    }

  private:
    template <int... K>
    void apply(Index at, Pack<T> gradient, std::integer_sequence<int, K...>) const {
        Pack<T> p = Pack<T>::load(parameter + at);
        Pack<T> packs[states == 0 ? 1 : states] = {Pack<T>::load(state[K] + at)...};
        f(p, gradient, packs[K]...);
        p.store(parameter + at);
        (packs[K].store(state[K] + at), ...);
    }
    template <int... K>
    void apply_lone(Index at, T gradient, std::integer_sequence<int, K...>) const {
        f(parameter[at], gradient, state[K][at]...);
    }
};

} // namespace ctgan::cpu
