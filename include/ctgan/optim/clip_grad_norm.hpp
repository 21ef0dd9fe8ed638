#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/network/gradients.hpp>
#include <ctgan/optim/step.hpp>

#include <cmath>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// *factor = min(1, max_norm / (sqrt(*factor) + 1e-6)): from the sum of squares to what gradients are
/// multiplied by. 1 if the sum is infinite or NaN.
struct ClippingFactor {
    double* factor;
    double max_norm;
    CTGAN_HD void operator()() const {
        const double wanted = max_norm / (std::sqrt(*factor) + 1e-6);
        *factor = is_finite(*factor) && wanted < 1 ? wanted : 1;
    }
};
template <class T>
struct TimesFactor {
    const double* factor;
    CTGAN_HD T operator()(T gradient) const { return static_cast<T>(*factor) * gradient; }
};

} // namespace detail

/// The Euclidean norm of all gradients of a network together; waits for it.
template <class Net, class Backend, class T>
double grad_norm(Gradients<Net, Backend, T>& gradients) {
    double squares = 0;
    Backend::sum_of_squares(gradients.scratch(), gradients.data(), gradients.size());
    Backend::to_host(&squares, gradients.scratch(), 1);
    return std::sqrt(squares);
}

/// Multiplies all gradients by min(1, max_norm / (norm + 1e-6)), where norm is that of grad_norm(). Does not
/// wait for it. Equals torch.nn.utils.clip_grad_norm_(parameters, max_norm). Use it after
/// Network::backward(), or in the hook of a Gan. Gradients whose norm is infinite or NaN stay as they are, so
/// that the optimizer stops and first_bad_tensor() names the right tensor. Throws std::invalid_argument if
/// `max_norm` is not above 0.
template <class Net, class Backend, class T>
void clip_grad_norm(Gradients<Net, Backend, T>& gradients, double max_norm) {
    detail::require_option("clip_grad_norm", "max_norm", max_norm, max_norm > 0, "it above 0");
    double* const factor = gradients.scratch();
    Backend::sum_of_squares(factor, gradients.data(), gradients.size());
    Backend::run_once(detail::ClippingFactor{factor, max_norm});
    Backend::map(gradients.data(), static_cast<const T*>(gradients.data()), gradients.size(),
                 detail::TimesFactor<T>{factor});
}

} // namespace ctgan::inline CTGAN_ABI
