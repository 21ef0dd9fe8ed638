#pragma once

#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/shape.hpp>

#include <utility>

namespace ctgan::cpu {

/// An optimizer's update f(parameter, gradient, state...) of neighbouring parameters, given their gradient in
/// a register. The last ones of a tensor, which fill no pack, go through one as well: where the target cannot
/// round a product and a sum once, a lone number would otherwise be rounded in another way than its
/// neighbours.
template <class F, class T, class... State>
struct UpdatePacks {
    static constexpr int states = sizeof...(State);
    F f;
    T* parameter;
    T* state[states == 0 ? 1 : states];

    void operator()(Index at, Pack<T> gradient) const {
        apply(
            gradient, [=](const T* from) { return Pack<T>::load(from + at); },
            [=](Pack<T> pack, T* to) { pack.store(to + at); }, std::make_integer_sequence<int, states>{});
    }
    /// Only the first `lanes` of them.
    void operator()(Index at, Pack<T> gradient, int lanes) const {
        apply(
            gradient, [=](const T* from) { return Pack<T>::load_first(from + at, lanes); },
            [=](Pack<T> pack, T* to) { pack.store_first(to + at, lanes); },
            std::make_integer_sequence<int, states>{});
    }

  private:
    template <class Load, class Store, int... K>
    void apply(Pack<T> gradient, const Load& load, const Store& store,
               std::integer_sequence<int, K...>) const {
        Pack<T> p = load(parameter);
        Pack<T> packs[states == 0 ? 1 : states] = {load(state[K])...};
        f(p, gradient, packs[K]...);
        store(p, parameter);
        (store(packs[K], state[K]), ...);
    }
};

} // namespace ctgan::cpu
