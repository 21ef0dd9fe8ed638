#pragma once

#include <ctgan/config.hpp>
#include <ctgan/layer.hpp>

#include <cmath>
#include <cstdint>

namespace ctgan::detail {

/// a b + c, rounded once: left to the compiler, which may or may not do so, an update would depend on where
/// it is compiled. A backend's packs have the same, rounded once where the target can.
CTGAN_HD inline float multiply_add(float a, float b, float c) { return std::fma(a, b, c); }
CTGAN_HD inline double multiply_add(double a, double b, double c) { return std::fma(a, b, c); }

/// Writes a number that other threads may write at the same time, all of them the same one.
CTGAN_HD inline void note(std::int64_t* place, std::int64_t number) {
#if CTGAN_IN_KERNEL
    *static_cast<volatile std::int64_t*>(place) = number;
#else
    __atomic_store_n(place, number, __ATOMIC_RELAXED);
#endif
}

/// An optimizer's update of a whole network whose first weight's gradient was left as factors; `state` is
/// laid out as the parameters are.
template <class Update, class Network, class T, class... State>
void update_with_factors(const Update& update, Network& network, const typename Network::Gradients& gradients,
                         const WeightGradientFactors<T>& factors, State*... state) {
    using Backend = typename Network::backend;
    Index begin = 0; // the weight, if any is left out, is the first tensor of all
    if constexpr (Network::layer_left_to_update >= 0) {
        using Layer = typename Network::net::template layer<Network::layer_left_to_update>;
        Layer::template update_weight<Backend>(update, factors.batch, factors.input, factors.output_gradient,
                                               network.parameters(), state...);
        begin = tensor_offset(Layer::parameters, 1);
    }
    Backend::update(update, network.arena_size() - begin, network.parameters() + begin,
                    gradients.data() + begin, (state + begin)...);
}

} // namespace ctgan::detail
