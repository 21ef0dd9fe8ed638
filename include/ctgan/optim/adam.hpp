#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/optim/step.hpp>

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace ctgan {

/// The arguments of torch.optim.Adam, with its defaults.
struct AdamOptions {
    double lr = 1e-3;      ///< learning rate
    double beta1 = 0.9;    ///< decay of the first moment
    double beta2 = 0.999;  ///< decay of the second moment
    double epsilon = 1e-8; ///< torch.optim.Adam's eps
};

namespace detail {

template <class T>
struct AdamUpdate {
    // 1 - beta is rounded here, once: computed from a rounded beta it would be off by 1e-5 in float.
    T one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction, epsilon;
    std::int64_t step;      ///< the number of this step
    std::int64_t* bad_step; ///< where `step` is stored if a gradient is not finite
    bool frozen;            ///< true after such a step: nothing changes anymore

    /// V is T, or a pack of several T.
    CTGAN_HD_OR_PACKETS
    template <class V>
    CTGAN_HD void operator()(V& parameter, V gradient, V& m, V& v) const {
        using std::sqrt;
        if (frozen) return;
        m = multiply_add(gradient - m, V(one_minus_beta1), m);
        v = multiply_add(v, V(beta2), gradient * gradient * one_minus_beta2);
        parameter = parameter - m * step_size / multiply_add(sqrt(v), V(root_correction), V(epsilon));
        if (!is_finite(v)) note(bad_step, step);
    }
};

/// The last step's number and what that step does to a parameter. It is in the backend's memory, so that a
/// recorded step can be played back.
template <class T>
struct AdamState {
    std::int64_t steps;
    std::int64_t bad_step; ///< the first with a second moment that is not finite; 0: none
    double lr;             ///< here and not in the options, because it may change
    AdamUpdate<T> update;
};

template <class T>
struct NextAdamStep {
    AdamOptions options;
    AdamState<T>* state;

    CTGAN_HD void operator()() const {
        if (state->bad_step != 0) {
            state->update.frozen = true;
            return;
        }
        const auto t = static_cast<double>(++state->steps);
        state->update = {static_cast<T>(1 - options.beta1),
                         static_cast<T>(options.beta2),
                         static_cast<T>(1 - options.beta2),
                         static_cast<T>(state->lr / (1 - std::pow(options.beta1, t))),
                         static_cast<T>(1 / std::sqrt(1 - std::pow(options.beta2, t))),
                         static_cast<T>(options.epsilon),
                         state->steps,
                         &state->bad_step,
                         false};
    }
};

} // namespace detail

/// Adam (Kingma, Ba 2015), step t = 1, 2, ... of torch.optim.Adam without weight decay and amsgrad:
///
///     m += (1 - beta1) (g - m),   v = beta2 v + (1 - beta2) g^2,
///     p -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
///
/// If a gradient, or its square, is infinite or NaN anywhere in a step, that step is the last: later ones
/// change and count nothing, so first_bad_step() and first_bad_tensor() (optim/bad_tensor.hpp) can be called
/// at any time afterward.
template <class Network>
class Adam {
    using Backend = typename Network::backend;
    using T = typename Network::scalar;

  public:
    /// An optimizer for networks of this type. All moments begin at 0. Only the size of `network`
    /// is used here; pass the network to each step().
    explicit Adam(const Network& network, AdamOptions options = {})
        : options_(options), moments_(2 * network.arena_size()), state_(1) {
        set_steps(0);
    }

    /// One step, in one sweep over the memory of all parameters.
    template <class GivenNetwork, class GivenGradients>
    void step(GivenNetwork& network, const GivenGradients& gradients) {
        using Problem = detail::problem_of_step<Adam, Network, GivenNetwork, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            const auto update = next_update();
            Backend::update(block(network), gradients.data(), network.arena_size(), update);
        }
    }

    /// One step after Network::backward_for_update().
    template <class GivenNetwork, class GivenGradients>
    void step(GivenNetwork& network, const GivenGradients& gradients,
              const WeightGradientFactors<T>& factors) {
        using Problem = detail::problem_of_step<Adam, Network, GivenNetwork, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            detail::update_from_factors(block(network), network, gradients, factors, next_update());
        }
    }

    /// The first moments of all parameters, then the second moments, each laid out as the parameters are.
    T* moments() { return moments_.data(); }
    /// The same, read-only.
    const T* moments() const { return moments_.data(); }

    /// The options given to the constructor, and the current learning rate.
    const AdamOptions& options() const { return options_; }
    /// Sets the learning rate of the steps to come, recorded ones too. A schedule calls this in the training
    /// loop.
    void set_lr(double lr) {
        options_.lr = lr;
        Backend::from_host(&state_.data()->lr, &options_.lr, 1);
    }
    /// The number of steps taken; waits for the last one.
    std::int64_t steps() const { return state().steps; }
    /// Continues after step number `steps`, whose moments have to be stored in moments(). Forgets a bad step.
    void set_steps(std::int64_t steps) {
        const detail::AdamState<T> state{steps, 0, options_.lr, {}};
        Backend::from_host(state_.data(), &state, 1);
    }
    /// The number of the step, counted from 1, whose gradient was not finite, or 0; waits for the last step.
    std::int64_t first_bad_step() const { return state().bad_step; }

  private:
    auto block(Network& network) {
        return detail::parameter_block(network, moments_.data(), moments_.data() + network.arena_size());
    }
    detail::AdamState<T> state() const {
        detail::AdamState<T> state;
        Backend::to_host(&state, state_.data(), 1);
        return state;
    }
    InBackendMemory<detail::AdamUpdate<T>> next_update() {
        detail::AdamState<T>* const state = state_.data();
        Backend::run_once(detail::NextAdamStep<T>{options_, state});
        return {&state->update}; // only the address: the host may not be able to read the state itself
    }

    AdamOptions options_;
    typename Backend::template Memory<T> moments_;
    typename Backend::template Memory<detail::AdamState<T>> state_;
};

} // namespace ctgan
