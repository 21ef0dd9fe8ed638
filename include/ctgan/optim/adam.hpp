#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/config.hpp>
#include <ctgan/finite.hpp>
#include <ctgan/optim/update.hpp>
#include <ctgan/shape.hpp>

#include <cmath>
#include <cstdint>

namespace ctgan {

/// What torch.optim.Adam takes, with its defaults.
struct AdamOptions {
    double lr = 1e-3;      ///< the learning rate
    double beta1 = 0.9;    ///< what the first moment keeps of itself in a step
    double beta2 = 0.999;  ///< what the second moment keeps
    double epsilon = 1e-8; ///< torch.optim.Adam's eps
};

namespace detail {

template <class T>
struct AdamUpdate {
    // What is left of 1 is rounded here once: computed from a rounded beta it would be off by 1e-5 in float.
    T one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction, epsilon;
    std::int64_t step;      ///< its number
    std::int64_t* bad_step; ///< where it is noted if a gradient is not finite
    bool frozen;            ///< after such a step: nothing is touched any more

    /// V is T, or a backend's pack of several.
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

/// The number of the last step and what that step does to a parameter: in the backend's memory, so that a
/// recorded step can be played back.
template <class T>
struct AdamState {
    std::int64_t steps;
    std::int64_t bad_step; ///< the first with a second moment that is not finite; 0: none
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
                         static_cast<T>(options.lr / (1 - std::pow(options.beta1, t))),
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
/// A step whose gradient, or the square of it, is infinite or NaN anywhere is the last one: what follows
/// changes and counts nothing, so that first_bad_step() and first_bad_tensor() can be asked at any time
/// later.
template <class Network>
class Adam {
    using Backend = typename Network::backend;
    using T = typename Network::scalar;

  public:
    /// For networks of this type; all moments begin at 0. The network is given to each step anew.
    explicit Adam(const Network& network, AdamOptions options = {})
        : options_(options), moments_(2 * network.arena_size()), state_(1) {}

    /// One step, the network's parameters against the gradients: one pass over memory for all of them.
    void step(Network& network, const typename Network::Gradients& gradients) {
        const auto update = next_update();
        Backend::update(update, network.arena_size(), network.parameters(), gradients.data(), moments_.data(),
                        moments_.data() + network.arena_size());
    }

    /// The same after Network::backward_for_update().
    void step(Network& network, const typename Network::Gradients& gradients,
              const WeightGradientFactors<T>& factors) {
        detail::update_with_factors(next_update(), network, gradients, factors, moments_.data(),
                                    moments_.data() + network.arena_size());
    }

    /// The first moments of all parameters, then the second, each laid out as the parameters are.
    T* moments() { return moments_.data(); }
    /// The same, only to read.
    const T* moments() const { return moments_.data(); }

    /// What it was made with.
    const AdamOptions& options() const { return options_; }
    /// The steps taken; waits for the last one.
    std::int64_t steps() const { return state().steps; }
    /// Goes on after step `steps`, whose moments are to be put into moments(); forgets a bad step.
    void set_steps(std::int64_t steps) {
        const detail::AdamState<T> state{steps, 0, {}};
        Backend::from_host(&state, state_.data(), 1);
    }
    /// The step whose gradient was not finite, or 0; waits for the last one.
    std::int64_t first_bad_step() const { return state().bad_step; }

  private:
    detail::AdamState<T> state() const {
        detail::AdamState<T> state;
        Backend::to_host(state_.data(), &state, 1);
        return state;
    }
    Kept<detail::AdamUpdate<T>> next_update() {
        detail::AdamState<T>* const state = state_.data();
        Backend::once(detail::NextAdamStep<T>{options_, state});
        return {&state->update}; // the address: the state itself may lie where the host cannot look
    }

    AdamOptions options_;
    typename Backend::template Memory<T> moments_;
    typename Backend::template Memory<detail::AdamState<T>> state_;
};

} // namespace ctgan
