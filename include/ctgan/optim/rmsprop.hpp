#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/optim/optimizer.hpp>

#include <array>
#include <cmath>

namespace ctgan::inline CTGAN_ABI {

/// The arguments of torch.optim.RMSprop, with its defaults.
struct RMSpropOptions {
    double lr = 1e-2;    ///< learning rate
    double alpha = 0.99; ///< decay of the mean square
    double eps = 1e-8; ///< added to the root of the mean square; 0 makes 0 / 0 of a gradient that is always 0
    double weight_decay = 0; ///< times the parameter, added to the gradient
    double momentum = 0;     ///< decay of the velocity
    bool centered = false;   ///< whether the mean square is that of the gradient's deviation from its mean
    Decays decays = Decays::all; ///< which parameters weight decay applies to
};

/// The rule of RMSprop (Hinton 2012), torch.optim.RMSprop:
///
///     g' = g + weight_decay p
///     s = alpha s + (1 - alpha) g'^2,   a = alpha a + (1 - alpha) g'
///     u = momentum u + g' / (sqrt(s) + eps),   p -= lr u,
///
/// with s - a^2 in place of s under the root if `centered`. The difference is 0 where it is rounded to less;
/// PyTorch's root is NaN there.
struct RMSpropRule {
    static constexpr const char* name = "RMSprop";
    using Options = RMSpropOptions;
    static constexpr std::array state_names{"square_avg", "grad_avg", "momentum_buffer"};
    static constexpr int squares = 0; ///< the state that is never negative

    /// What a step does to a parameter.
    template <class T>
    struct Update {
        T lr, alpha, one_minus_alpha, eps, momentum, weight_decay;
        bool centered;

        /// V is T, or a pack of several T.
        CTGAN_HD_OR_PACKETS
        template <class V>
        CTGAN_HD V operator()(V& parameter, V gradient, V& square, V& mean, V& velocity) const {
            using detail::multiply_add;
            using detail::positive_part;
            using std::sqrt;
            if (weight_decay != 0) gradient = multiply_add(parameter, V(weight_decay), gradient);
            square = multiply_add(square, V(alpha), gradient * gradient * one_minus_alpha);
            if (centered) mean = multiply_add(gradient - mean, V(one_minus_alpha), mean);
            // No variable of type V, as in SGD.
            gradient = gradient / (sqrt(centered ? positive_part(square - mean * mean) : square) + V(eps));
            velocity = multiply_add(velocity, V(momentum), gradient);
            parameter = multiply_add(velocity, V(-lr), parameter);
            return square;
        }
    };

    /// The same in every step.
    template <class T>
    CTGAN_HD static Update<T> update(const Options& options, double lr, double) {
        return {static_cast<T>(lr),
                static_cast<T>(options.alpha),
                static_cast<T>(1 - options.alpha),
                static_cast<T>(options.eps),
                static_cast<T>(options.momentum),
                static_cast<T>(options.weight_decay),
                options.centered};
    }

    static void check(const char*, const Options& options) {
        detail::require_option(name, "alpha", options.alpha, options.alpha >= 0 && options.alpha < 1,
                               "at least 0 and below 1");
        detail::require_option(name, "eps", options.eps, options.eps >= 0, "at least 0");
        detail::require_option(name, "momentum", options.momentum, options.momentum >= 0, "at least 0");
    }
};

/// torch.optim.RMSprop.
template <class Network>
using RMSprop = Optimizer<Network, RMSpropRule>;

} // namespace ctgan::inline CTGAN_ABI
