#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/features.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

/// How certain a classifier is of each picture of a set.
struct Confidence {
    std::vector<Index> label;        ///< the most probable class; of equal logits the first
    std::vector<double> probability; ///< of that class: softmax, from 1 / the number of classes to 1
    std::vector<Index> order;        ///< the pictures, the most certain one first, of equal ones the first
};

/// The classifier's confidence from its logits, one row for each picture and one column for each class. The
/// order is by 1 / probability - 1, which differs between pictures even where the probability is rounded to
/// 1. Throws std::invalid_argument if there is no row or a value is not finite.
inline Confidence confidence(const Features& logits) {
    detail::require_features("score::confidence", logits);
    const auto n = static_cast<std::size_t>(logits.count);
    Confidence result{std::vector<Index>(n), std::vector<double>(n), std::vector<Index>(n)};
    std::vector<double> doubt(n); // the other classes' probabilities, divided by the largest one
    for (std::size_t i = 0; i < n; ++i) {
        const double* row = logits.row(static_cast<Index>(i));
        const double* const largest = std::max_element(row, row + logits.width);
        for (const double* other = row; other < row + logits.width; ++other)
            if (other != largest) doubt[i] += std::exp(*other - *largest);
        result.label[i] = largest - row;
        result.probability[i] = 1 / (1 + doubt[i]);
    }
    std::iota(result.order.begin(), result.order.end(), Index{0});
    std::stable_sort(result.order.begin(), result.order.end(), [&](Index a, Index b) {
        return doubt[static_cast<std::size_t>(a)] < doubt[static_cast<std::size_t>(b)];
    });
    return result;
}

} // namespace ctgan::inline CTGAN_ABI::score
