#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

// What Sharded does with the statistics of batch normalization.
namespace ctgan::inline CTGAN_ABI::ranks::detail {

/// Mean and biased variance of two sets of samples together, for each channel (Chan, Golub, LeVeque:
/// Updating formulae and a pairwise algorithm for computing sample variances; 1979).
template <class T>
struct MergeMoments {
    T* lower;       ///< [2][channels], mean and variance; changed
    const T* upper; ///< the same
    Index channels;
    T part_of_lower, part_of_upper; ///< their shares of the samples

    CTGAN_HD void operator()(Index c) const {
        const T difference = upper[c] - lower[c];
        lower[c] += difference * part_of_upper;
        T& variance = lower[channels + c];
        variance = part_of_lower * variance + part_of_upper * upper[channels + c] +
                   difference * difference * (part_of_lower * part_of_upper);
    }
};

/// Stores the moments of a batch and updates the running statistics.
template <class T>
struct StoreMoments {
    T *mean, *variance, *running_mean, *running_variance;
    const T* moments; ///< [2][channels]
    Index channels;
    T unbiased; ///< n / (n - 1)
    T momentum;

    CTGAN_HD void operator()(Index c) const {
        mean[c] = moments[c];
        variance[c] = moments[channels + c];
        running_mean[c] = ctgan::detail::running_average(running_mean[c], mean[c], momentum);
        running_variance[c] =
            ctgan::detail::running_average(running_variance[c], unbiased * variance[c], momentum);
    }
};

} // namespace ctgan::inline CTGAN_ABI::ranks::detail
