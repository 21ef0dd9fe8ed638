#pragma once

#include <ctgan/config.hpp>
#include <ctgan/optim/update.hpp>
#include <ctgan/shape.hpp>

namespace ctgan {

/// What torch.optim.SGD takes, with its defaults.
struct SGDOptions {
    double lr = 1e-3;    ///< the learning rate
    double momentum = 0; ///< what the velocity keeps of itself in a step
};

namespace detail {

template <class T>
struct SGDUpdate {
    T lr, momentum;

    CTGAN_HD_OR_PACKETS
    template <class V>
    CTGAN_HD void operator()(V& parameter, V gradient, V& velocity) const {
        velocity = multiply_add(velocity, V(momentum), gradient);
        parameter = multiply_add(velocity, V(-lr), parameter);
    }
};

} // namespace detail

/// Gradient descent with momentum, as torch.optim.SGD without dampening, Nesterov's variant and weight decay:
///
///     u = momentum u + g,   p -= lr u.
template <class Network>
class SGD {
    using Backend = typename Network::backend;
    using T = typename Network::scalar;

  public:
    /// For networks of this type; all velocities begin at 0. The network is given to each step anew.
    explicit SGD(const Network& network, SGDOptions options = {})
        : options_(options), velocity_(network.arena_size()) {}

    /// One step, the network's parameters against the gradients.
    void step(Network& network, const typename Network::Gradients& gradients) {
        Backend::update(update(), network.arena_size(), network.parameters(), gradients.data(),
                        velocity_.data());
    }

    /// The same after Network::backward_for_update().
    void step(Network& network, const typename Network::Gradients& gradients,
              const WeightGradientFactors<T>& factors) {
        detail::update_with_factors(update(), network, gradients, factors, velocity_.data());
    }

    /// What it was made with.
    const SGDOptions& options() const { return options_; }

  private:
    detail::SGDUpdate<T> update() const {
        return {static_cast<T>(options_.lr), static_cast<T>(options_.momentum)};
    }

    SGDOptions options_;
    typename Backend::template Memory<T> velocity_;
};

} // namespace ctgan
