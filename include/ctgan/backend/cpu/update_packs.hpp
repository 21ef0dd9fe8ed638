#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <utility>

namespace ctgan::inline CTGAN_ABI::cpu {

/// An optimizer's update f(parameter, gradient, state...) of adjacent parameters whose gradient is in a
/// register.
template <class F, class T, int States>
struct UpdatePacks {
    ParameterBlock<T, States> block;
    F f;

    /// Updates the `lanes` parameters from `at` on. A partial pack is computed as a pack, too: a single value
    /// would round differently if the target's packs do not fuse multiplication and addition.
    CTGAN_INLINE void operator()(Index at, Pack<T> gradient, int lanes = Pack<T>::size) const {
        apply(at, gradient, lanes, std::make_integer_sequence<int, States>{});
    }

  private:
    template <int... K>
    CTGAN_INLINE void apply(Index at, Pack<T> gradient, int lanes, std::integer_sequence<int, K...>) const {
        prefetch_for_writing(ahead_of(block.parameters + at, prefetch_distance));
        (prefetch_for_writing(ahead_of(block.states[K] + at, prefetch_distance)), ...);
        Pack<T> parameter = Pack<T>::load(block.parameters + at, lanes);
        Array<Pack<T>, States == 0 ? 1 : States> state = {Pack<T>::load(block.states[K] + at, lanes)...};
        f(parameter, gradient, state[K]...);
        parameter.store(block.parameters + at, lanes);
        (state[K].store(block.states[K] + at, lanes), ...);
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
