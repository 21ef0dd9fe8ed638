#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/optim/step.hpp>

#include <type_traits>

namespace ctgan {

/// The arguments of torch.optim.SGD, with its defaults.
struct SGDOptions {
    double lr = 1e-3;    ///< learning rate
    double momentum = 0; ///< decay of the velocity
};

namespace detail {

template <class T>
struct SGDUpdate {
    T lr, momentum;

    /// V is T, or a pack of several T.
    CTGAN_HD_OR_PACKETS
    template <class V>
    CTGAN_HD void operator()(V& parameter, V gradient, V& velocity) const {
        velocity = multiply_add(velocity, V(momentum), gradient);
        parameter = multiply_add(velocity, V(-lr), parameter);
    }
};

} // namespace detail

/// Stochastic gradient descent with momentum. Equals torch.optim.SGD without dampening, Nesterov momentum and
/// weight decay:
///
///     u = momentum u + g,   p -= lr u.
template <class Network>
class SGD {
    using Backend = typename Network::backend;
    using T = typename Network::scalar;

  public:
    /// An optimizer for networks of this type. All velocities begin at 0. Only the size of
    /// `network` is used here; pass the network to each step().
    explicit SGD(const Network& network, SGDOptions options = {})
        : options_(options), velocity_(network.arena_size()) {}

    /// One step, in one sweep over the memory of all parameters.
    template <class GivenNetwork, class GivenGradients>
    void step(GivenNetwork& network, const GivenGradients& gradients) {
        using Problem = detail::problem_of_step<SGD, Network, GivenNetwork, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            Backend::update(detail::parameter_block(network, velocity_.data()), gradients.data(),
                            network.arena_size(), update());
        }
    }

    /// One step after Network::backward_for_update().
    template <class GivenNetwork, class GivenGradients>
    void step(GivenNetwork& network, const GivenGradients& gradients,
              const WeightGradientFactors<T>& factors) {
        using Problem = detail::problem_of_step<SGD, Network, GivenNetwork, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            detail::update_from_factors(detail::parameter_block(network, velocity_.data()), network,
                                        gradients, factors, update());
        }
    }

    /// The options given to the constructor.
    const SGDOptions& options() const { return options_; }

  private:
    detail::SGDUpdate<T> update() const {
        return {static_cast<T>(options_.lr), static_cast<T>(options_.momentum)};
    }

    SGDOptions options_;
    typename Backend::template Memory<T> velocity_;
};

} // namespace ctgan
