#pragma once

#include <ctgan/config.hpp>
#include <ctgan/layer.hpp>
#include <ctgan/tensor.hpp>

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace ctgan {

template <class Net, class Backend, class T>
class Gradients;

namespace detail {

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

/// The gradients that an optimizer, or backward, is handed instead of those to the network's parameters.
template <class Given>
struct GivenGradients {
    using type = diagnosis::other_type<Given>;
};
template <class Shape, class T>
struct GivenGradients<View<Shape, T>> {
    using type = diagnosis::gradient_to_a_batch;
};
template <class Net, class Room, class T>
struct GivenGradients<Gradients<Net, Room, T>> {
    using type = diagnosis::gradients_of_another_network;
};
template <class Place, class Network, class Given>
using problem_of_gradients =
    diagnosis::unless<std::is_same_v<Given, typename Network::Gradients>, Place,
                      diagnosis::gradients_of_the_network, typename GivenGradients<Given>::type>;

/// The network that an optimizer, made for `Network`, is to change.
template <class Optimizer, class Network, class Given>
using problem_of_updated =
    diagnosis::first<diagnosis::unless<!std::is_const_v<Given>, diagnosis::optimizer<Optimizer>,
                                       diagnosis::network_to_change, diagnosis::const_network>,
                     diagnosis::unless<std::is_same_v<Given, Network>, diagnosis::optimizer<Optimizer>,
                                       diagnosis::network_it_was_made_for, diagnosis::another_network>>;

/// What its step is handed.
template <class Optimizer, class Network, class Given, class Gradients>
using problem_of_step =
    diagnosis::first<problem_of_updated<Optimizer, Network, Given>,
                     problem_of_gradients<diagnosis::optimizer<Optimizer>, Network, Gradients>>;

} // namespace detail
} // namespace ctgan
