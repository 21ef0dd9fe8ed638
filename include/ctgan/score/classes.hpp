#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/features.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <stdexcept>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

/// What a classifier says of a set of pictures.
struct Classes {
    double score;                 ///< the classifier score, from 1 to the number of classes
    double chi_square;            ///< of the histogram against the expected shares
    std::vector<Index> histogram; ///< for each class, of how many pictures it is the most probable
    Index count;                  ///< pictures
};

/// The classifier score of logits, one row for each picture and one column for each class, and how often each
/// class occurs. With p(c | x) = softmax(logits of x) and p(c), its mean over the pictures,
///
///     score      = exp(mean over x of KL(p(c | x) || p(c)))
///     chi_square = sum over c of (histogram[c] - e_c)^2 / e_c,    e_c = count x share_c
///
/// The score is the formula of the Inception score (Salimans et al.: Improved Techniques for Training GANs,
/// NeurIPS 2016), without splits. A share is divided by the sum of the shares, so counts of a real set may be
/// given; without any, all classes are expected equally often. Of equal logits the first class counts.
///
/// Throws std::invalid_argument if there is no row, a value is not finite, or the shares are not positive
/// numbers, one for each class.
inline Classes classes(const Features& logits, std::span<const double> expected_shares = {}) {
    constexpr const char* who = "score::classes";
    detail::require_features(who, logits);
    const auto width = static_cast<std::size_t>(logits.width);
    if (!expected_shares.empty() && expected_shares.size() != width)
        detail::fail_with<std::invalid_argument>({who, ": found ", expected_shares.size(),
                                                  " expected shares, expected one for each of the ", width,
                                                  " classes"});
    for (std::size_t c = 0; c < expected_shares.size(); ++c)
        if (!is_finite(expected_shares[c]) || expected_shares[c] <= 0)
            detail::fail_with<std::invalid_argument>(
                {who, ": found an expected share of class ", c, " that is not ",
                 is_finite(expected_shares[c]) ? "positive" : "finite", ", expected a positive number"});

    Classes result{0, 0, std::vector<Index>(width), logits.count};
    std::vector<double> totals(width), exponentials(width); // totals[c]: the sum of p(c | x)
    double negative_entropies = 0;                          // the sum of p(c | x) log p(c | x)
    for (Index i = 0; i < logits.count; ++i) {
        const double* row = logits.row(i);
        const auto largest = static_cast<std::size_t>(std::max_element(row, row + width) - row);
        ++result.histogram[largest];
        double sum = 0;
        for (std::size_t c = 0; c < width; ++c) sum += exponentials[c] = std::exp(row[c] - row[largest]);
        const double log_sum = std::log(sum);
        for (std::size_t c = 0; c < width; ++c) {
            const double p = exponentials[c] / sum;
            totals[c] += p;
            negative_entropies += p * (row[c] - row[largest] - log_sum);
        }
    }
    const auto count = static_cast<double>(logits.count);
    double divergence = negative_entropies / count;
    for (const double total : totals)
        if (total > 0) divergence -= total / count * std::log(total / count);
    result.score = std::exp((std::max)(0.0, divergence)); // rounding may bring equal rows below 0

    const double shares = std::accumulate(expected_shares.begin(), expected_shares.end(), 0.0);
    for (std::size_t c = 0; c < width; ++c) {
        const double share = expected_shares.empty() ? 1 / double(width) : expected_shares[c] / shares;
        const double difference = static_cast<double>(result.histogram[c]) - count * share;
        result.chi_square += difference * difference / (count * share);
    }
    return result;
}

} // namespace ctgan::inline CTGAN_ABI::score
