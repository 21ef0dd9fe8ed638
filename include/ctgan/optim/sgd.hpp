#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/optim/optimizer.hpp>

#include <array>

namespace ctgan::inline CTGAN_ABI {

/// The arguments of torch.optim.SGD, with its defaults.
struct SGDOptions {
    double lr = 1e-3;            ///< learning rate
    double momentum = 0;         ///< decay of the velocity
    double weight_decay = 0;     ///< times the parameter, added to the gradient
    bool nesterov = false;       ///< whether the step looks ahead along the velocity
    Decays decays = Decays::all; ///< which parameters weight decay applies to
};

/// The rule of stochastic gradient descent with momentum, torch.optim.SGD without dampening:
///
///     g' = g + weight_decay p,   u = momentum u + g',   p -= lr u,
///
/// with g' + momentum u instead of the last u if `nesterov`.
struct SGDRule {
    static constexpr const char* name = "SGD";
    using Options = SGDOptions;
    static constexpr std::array state_names{"momentum_buffer"};
    static constexpr int squares = -1; ///< no state that is never negative

    /// What a step does to a parameter.
    template <class T>
    struct Update {
        T lr, momentum, weight_decay;
        bool nesterov;

        /// V is T, or a pack of several T.
        CTGAN_HD_OR_PACKETS
        template <class V>
        CTGAN_HD V operator()(V& parameter, V gradient, V& velocity) const {
            using detail::multiply_add;
            if (weight_decay != 0) gradient = multiply_add(parameter, V(weight_decay), gradient);
            velocity = multiply_add(velocity, V(momentum), gradient);
            // No variable of type V: nvcc rejects one that is a pack in a function that a kernel may call.
            gradient = nesterov ? multiply_add(velocity, V(momentum), gradient) : velocity;
            parameter = multiply_add(gradient, V(-lr), parameter);
            return velocity;
        }
    };

    /// The same in every step.
    template <class T>
    CTGAN_HD static Update<T> update(const Options& options, double lr, double) {
        return {static_cast<T>(lr), static_cast<T>(options.momentum), static_cast<T>(options.weight_decay),
                options.nesterov};
    }

    static void check(const char*, const Options& options) {
        detail::require_option(name, "momentum", options.momentum, options.momentum >= 0, "at least 0");
        detail::require_option(name, "nesterov with momentum", options.momentum,
                               !options.nesterov || options.momentum > 0, "a momentum above 0");
    }
};

/// torch.optim.SGD.
template <class Network>
using SGD = Optimizer<Network, SGDRule>;

} // namespace ctgan::inline CTGAN_ABI
