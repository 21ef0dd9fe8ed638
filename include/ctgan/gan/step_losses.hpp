#pragma once

#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI {

/// The losses of one training step of a Gan: means over the scores.
struct StepLosses {
    double discriminator; ///< of the real images plus that of the generated ones, or of the pairs
    double generator;     ///< of the updated discriminator's scores
};

namespace detail {

/// A step's losses from their sums over the scores.
struct StepLossesFromSums {
    const double* sums;
    double scores; ///< how many each sum is of
    bool with_generator;
    StepLosses* losses;
    CTGAN_HD void operator()() const {
        losses->discriminator = sums[0] / scores + sums[1] / scores;
        if (with_generator) losses->generator = sums[2] / scores;
    }
};

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI
