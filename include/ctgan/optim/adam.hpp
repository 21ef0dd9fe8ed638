#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/optim/optimizer.hpp>

#include <array>
#include <cmath>

namespace ctgan::inline CTGAN_ABI {

/// The decay of Adam's first and second moment.
struct Betas {
    double first = 0.9;    ///< of the mean of gradients, per step
    double second = 0.999; ///< of the mean of their squares, per step
};

/// The arguments of torch.optim.Adam, with its defaults.
struct AdamOptions {
    double lr = 1e-3; ///< learning rate
    Betas betas = {}; ///< decay of the two moments
    double eps =
        1e-8; ///< added to the root of the second moment; 0 makes 0 / 0 of a gradient that is always 0
    double weight_decay = 0;     ///< times the parameter, added to the gradient
    Decays decays = Decays::all; ///< which parameters it applies to
};

/// The arguments of torch.optim.AdamW, with its defaults.
struct AdamWOptions {
    double lr = 1e-3; ///< learning rate
    Betas betas = {}; ///< decay of the two moments
    double eps =
        1e-8; ///< added to the root of the second moment; 0 makes 0 / 0 of a gradient that is always 0
    double weight_decay = 1e-2;  ///< times the learning rate, the part of a parameter that decays in a step
    Decays decays = Decays::all; ///< which parameters it applies to
};

namespace detail {

template <class T>
struct AdamUpdate {
    // 1 - beta is rounded here, once: computed from a rounded beta it would be off by 1e-5 in float.
    T one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction, eps, weight_decay;

    /// V is T, or a pack of several T.
    CTGAN_HD_OR_PACKETS
    template <class V>
    CTGAN_HD V operator()(V& parameter, V gradient, V& m, V& v) const {
        using std::sqrt;
        if (weight_decay != 0) gradient = multiply_add(parameter, V(weight_decay), gradient);
        m = multiply_add(gradient - m, V(one_minus_beta1), m);
        v = multiply_add(v, V(beta2), gradient * gradient * one_minus_beta2);
        parameter = parameter - m * step_size / multiply_add(sqrt(v), V(root_correction), V(eps));
        return v;
    }
};

template <class T>
struct AdamWUpdate {
    AdamUpdate<T> adam;
    T kept; ///< of a parameter, by decay

    CTGAN_HD_OR_PACKETS
    template <class V>
    CTGAN_HD V operator()(V& parameter, V gradient, V& m, V& v) const {
        parameter = parameter * kept;
        return adam(parameter, gradient, m, v);
    }
};

/// What Adam and AdamW share.
template <class Options>
struct AdamMoments {
    static constexpr std::array state_names{"exp_avg", "exp_avg_sq"};
    static constexpr int squares = 1; ///< the state that is never negative

    static void check(const char* name, const Options& options) {
        require_option(name, "betas.first", options.betas.first,
                       options.betas.first >= 0 && options.betas.first < 1, "at least 0 and below 1");
        require_option(name, "betas.second", options.betas.second,
                       options.betas.second >= 0 && options.betas.second < 1, "at least 0 and below 1");
        require_option(name, "eps", options.eps, options.eps >= 0, "at least 0");
    }

    template <class T>
    CTGAN_HD static AdamUpdate<T> moments_update(const Options& options, double lr, double t,
                                                 double weight_decay) {
        return {static_cast<T>(1 - options.betas.first),
                static_cast<T>(options.betas.second),
                static_cast<T>(1 - options.betas.second),
                static_cast<T>(lr / (1 - std::pow(options.betas.first, t))),
                static_cast<T>(1 / std::sqrt(1 - std::pow(options.betas.second, t))),
                static_cast<T>(options.eps),
                static_cast<T>(weight_decay)};
    }
};

} // namespace detail

/// The rule of Adam (Kingma, Ba 2015), step t = 1, 2, ... of torch.optim.Adam without amsgrad:
///
///     g' = g + weight_decay p
///     m = beta1 m + (1 - beta1) g',   v = beta2 v + (1 - beta2) g'^2
///     p -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
struct AdamRule : detail::AdamMoments<AdamOptions> {
    static constexpr const char* name = "Adam";
    using Options = AdamOptions;
    template <class T>
    using Update = detail::AdamUpdate<T>;

    /// Step number t.
    template <class T>
    CTGAN_HD static Update<T> update(const Options& options, double lr, double t) {
        return moments_update<T>(options, lr, t, options.weight_decay);
    }
};

/// The rule of AdamW (Loshchilov, Hutter 2019), torch.optim.AdamW: p is multiplied by 1 - lr weight_decay,
/// then Adam's step is taken without decay in the gradient.
struct AdamWRule : detail::AdamMoments<AdamWOptions> {
    static constexpr const char* name = "AdamW";
    using Options = AdamWOptions;
    template <class T>
    using Update = detail::AdamWUpdate<T>;

    /// Step number t.
    template <class T>
    CTGAN_HD static Update<T> update(const Options& options, double lr, double t) {
        return {moments_update<T>(options, lr, t, 0), static_cast<T>(1 - lr * options.weight_decay)};
    }
};

/// torch.optim.Adam.
template <class Network>
using Adam = Optimizer<Network, AdamRule>;
/// torch.optim.AdamW.
template <class Network>
using AdamW = Optimizer<Network, AdamWRule>;

} // namespace ctgan::inline CTGAN_ABI
