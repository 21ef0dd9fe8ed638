#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

/// How much the pictures of a batch differ. The distance of two pictures is the root of the mean of the
/// squared differences of their values.
struct Variety {
    double mean;    ///< the mean distance of two pictures, over all pairs
    double nearest; ///< the mean, over all pictures, of the distance to the nearest other one
};

/// The variety of `count` pictures, whose values are [picture][value] in the host's memory. Sums are in
/// double and in a fixed order. The time grows with the square of `count`: 64 digits take a few milliseconds.
/// Throws std::invalid_argument if there are fewer than two pictures, or values that are not a whole number
/// of pictures.
template <class T>
Variety variety(std::span<const T> values, Index count) {
    const auto n = static_cast<std::size_t>(count);
    if (count < 2 || values.empty() || values.size() % n != 0)
        detail::fail_with<std::invalid_argument>({"variety: found ", values.size(), " values of ", count,
                                                  " pictures, expected equally many of each of 2 or more"});
    const std::size_t size = values.size() / n;
    std::vector<double> least(n, std::numeric_limits<double>::infinity());
    double sum = 0;
    for (std::size_t i = 1; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            double squares = 0;
            for (std::size_t k = 0; k < size; ++k) {
                const double difference = double{values[i * size + k]} - double{values[j * size + k]};
                squares += difference * difference;
            }
            const double distance = std::sqrt(squares / static_cast<double>(size));
            sum += distance;
            for (const std::size_t of : {i, j})
                if (distance < least[of]) least[of] = distance;
        }
    double sum_of_least = 0;
    for (const double distance : least) sum_of_least += distance;
    return {sum / (static_cast<double>(n) * static_cast<double>(n - 1) / 2),
            sum_of_least / static_cast<double>(n)};
}

} // namespace ctgan::inline CTGAN_ABI
