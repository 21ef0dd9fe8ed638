#pragma once

#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI {

/// The losses of one training step of a Gan: means over the scores.
struct StepLosses {
    double discriminator; ///< of the real images plus that of the generated ones
    double generator;     ///< of the updated discriminator's scores of the generated images
};

namespace detail {

/// A step's losses from their sums over the scores.
struct StepLossesFromSums {
    const double* sums;
    double real, fake; ///< how many scores
    bool with_generator;
    StepLosses* losses;
    CTGAN_HD void operator()() const {
        losses->discriminator = sums[0] / real + sums[1] / fake;
        if (with_generator) losses->generator = sums[2] / fake;
    }
};

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI
