#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>

#include <cmath>
#include <cstdint>
#include <stdexcept>

/// Learning rates that change over time. Each is a function of the number of steps (or epochs) that have been
/// taken: `optimizer.set_lr(schedule(step));`.
namespace ctgan::inline CTGAN_ABI {

/// lr times gamma after every `step_size` steps. Equals torch.optim.lr_scheduler.StepLR.
struct StepLR {
    double lr;               ///< of the first steps
    std::uint64_t step_size; ///< the number of steps with one rate
    double gamma = 0.1;      ///< the factor from one rate to the next

    /// The rate after `step` steps. Throws std::invalid_argument if `step_size` is 0.
    double operator()(std::uint64_t step) const {
        if (step_size == 0)
            detail::fail_with<std::invalid_argument>({"StepLR: found step_size = 0, expected at least 1"});
        const std::uint64_t times = step / step_size;
        return lr * std::pow(gamma, static_cast<double>(times));
    }
};

/// Half a cosine from lr to eta_min in `steps` steps, and eta_min after them. Equals
/// torch.optim.lr_scheduler.CosineAnnealingLR, whose T_max is `steps`, up to there.
struct CosineAnnealingLR {
    double lr;           ///< of the first step
    std::uint64_t steps; ///< until eta_min is reached
    double eta_min = 0;  ///< of the last step

    /// The rate after `step` steps.
    double operator()(std::uint64_t step) const {
        constexpr double pi = 3.14159265358979323846;
        const double done = step < steps ? static_cast<double>(step) / static_cast<double>(steps) : 1;
        return eta_min + (lr - eta_min) * (1 + std::cos(pi * done)) / 2;
    }
};

/// A warm-up: linear from start_factor times lr to lr in `steps` steps, and lr after them. Equals
/// torch.optim.lr_scheduler.LinearLR, whose total_iters is `steps`.
struct LinearLR {
    double lr;                     ///< after the warm-up
    std::uint64_t steps;           ///< of the warm-up
    double start_factor = 1.0 / 3; ///< of the first step, times lr

    /// The rate after `step` steps.
    double operator()(std::uint64_t step) const {
        const double done = step < steps ? static_cast<double>(step) / static_cast<double>(steps) : 1;
        return lr * (start_factor + (1 - start_factor) * done);
    }
};

} // namespace ctgan::inline CTGAN_ABI
