#pragma once

#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/config.hpp>
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
        apply([=](const T* from) { return Pack<T>::load(from + at); },
              [=](Pack<T> pack, T* to) { pack.store(to + at); }, gradient,
              std::make_integer_sequence<int, states>{});
    }
    /// Only the first `lanes` of them: as packs, too, for a number by itself would not round alike where the
    /// target's packs round a product before it is added.
    void operator()(Index at, Pack<T> gradient, int lanes) const {
        apply([=](const T* from) { return Pack<T>::load_first(from + at, lanes); },
              [=](Pack<T> pack, T* to) { pack.store_first(to + at, lanes); }, gradient,
              std::make_integer_sequence<int, states>{});
    }

  private:
    template <class Load, class Store, int... K>
    CTGAN_INLINE void apply(const Load& load, const Store& store, Pack<T> gradient,
                            std::integer_sequence<int, K...>) const {
        Pack<T> p = load(parameter);
        Pack<T> packs[states == 0 ? 1 : states] = {load(state[K])...};
        f(p, gradient, packs[K]...);
        store(p, parameter);
        (store(packs[K], state[K]), ...);
    }
};

} // namespace ctgan::cpu
