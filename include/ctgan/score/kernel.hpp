#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/features.hpp>
#include <ctgan/score/tiles.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

/// The subsets of kernel(). A smaller subset gives a wider spread, not another mean.
struct KernelOptions {
    int subsets = 100;        ///< how many
    Index subset_size = 1000; ///< rows of each set in one of them
    std::uint64_t seed = 0;   ///< of the random numbers that choose them
};

/// The kernel distance and what it was computed from.
struct Kernel {
    double mean;       ///< of the subsets' distances; may be negative, as the estimate has no bias
    double deviation;  ///< their standard deviation, the root of the mean squared deviation
    int subsets;       ///< how many there were
    Index subset_size; ///< rows of each set in one of them
};

namespace detail {

/// `size` different rows of a set, chosen at random: the first steps of a Fisher-Yates shuffle.
inline Features chosen_rows(const Features& set, Index size, const random::Stream& stream) {
    const auto n = static_cast<std::uint32_t>(set.count);
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    Features chosen{size, set.width, {}};
    chosen.values.reserve(static_cast<std::size_t>(size) * static_cast<std::size_t>(set.width));
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(size); ++i) {
        std::swap(order[i], order[i + random::below(stream.bits(i), n - i)]);
        const double* row = set.row(order[i]);
        chosen.values.insert(chosen.values.end(), row, row + set.width);
    }
    return chosen;
}

/// The sum of (x y / width + 1)^3 over the pairs of rows, without those of equal numbers in one set.
inline double kernel_sum(const Features& rows, const Panels& others, Pairs pairs) {
    const double width = rows.width;
    double sum = 0;
    const auto visit = [&](Index row, Index first, int n, const double* products) {
        double part = 0; // a short sum, whose rounding errors are small beside those of a long one
        const Index begin = pairs == Pairs::all ? 0 : (std::max)(Index{0}, row + 1 - first);
        for (Index c = begin; c < n; ++c) {
            const double base = products[c] / width + 1;
            part += base * base * base;
        }
        sum += part;
    };
    for_each_tile<Product>(rows, 0, rows.count, others, visit, pairs);
    return pairs == Pairs::all ? sum : 2 * sum;
}

/// The unbiased estimate of the squared maximum mean discrepancy of two sets of as many rows.
inline double squared_discrepancy(const Features& x, const Features& y) {
    const Panels of_x(x), of_y(y);
    const auto m = static_cast<double>(x.count);
    const double within =
        kernel_sum(x, of_x, Pairs::above_diagonal) + kernel_sum(y, of_y, Pairs::above_diagonal);
    return within / (m * (m - 1)) - 2 * kernel_sum(x, of_y, Pairs::all) / (m * m);
}

} // namespace detail

/// The kernel distance of two sets of features, KID (Bińkowski, Sutherland, Arbel, Gretton: Demystifying MMD
/// GANs, ICLR 2018): the squared maximum mean discrepancy with the kernel k(x, y) = (x y / width + 1)^3,
/// estimated without bias on subsets of m rows of each set, chosen without replacement:
///
///     sum of k(x_i, x_j), i != j, / (m (m - 1)) + the same of y - 2 sum of k(x_i, y_j) / m^2
///
/// Unlike the Fréchet distance, its expectation does not depend on the number of rows. Some publications
/// multiply it by 1000; this is the value itself. The same seed chooses the same rows.
///
/// Throws std::invalid_argument if the widths differ, a set has fewer rows than a subset, a subset has fewer
/// than 2, there is no subset, or a value is not finite.
inline Kernel kernel(const Features& real, const Features& generated, const KernelOptions& options = {}) {
    constexpr const char* who = "score::kernel";
    detail::require_pair(who, real, generated);
    if (options.subsets < 1)
        detail::fail_with<std::invalid_argument>(
            {who, ": found ", options.subsets, " subsets, expected at least 1"});
    if (options.subset_size < 2)
        detail::fail_with<std::invalid_argument>(
            {who, ": found subsets of ", options.subset_size, ", expected at least 2"});
    const Index fewest = (std::min)(real.count, generated.count);
    if (options.subset_size > fewest)
        detail::fail_with<std::invalid_argument>({who, ": found subsets of ", options.subset_size,
                                                  ", expected at most ", fewest,
                                                  ", the rows of the smaller set"});
    if ((std::max)(real.count, generated.count) > Index{(std::numeric_limits<std::int32_t>::max)()})
        detail::fail_with<std::invalid_argument>(
            {who, ": found ", (std::max)(real.count, generated.count), " rows, expected at most 2147483647"});

    std::vector<double> distances(static_cast<std::size_t>(options.subsets));
    cpu::parallel_for(options.subsets, [&](Index subset) {
        const auto chosen = [&](const Features& set, std::uint32_t purpose) {
            return detail::chosen_rows(set, options.subset_size,
                                       {options.seed, static_cast<std::uint64_t>(subset), purpose});
        };
        distances[static_cast<std::size_t>(subset)] = detail::squared_discrepancy(
            chosen(real, random::scoring), chosen(generated, random::scoring + 1));
    });
    double sum = 0, squares = 0;
    for (const double distance : distances) sum += distance;
    const double mean = sum / options.subsets;
    for (const double distance : distances) squares += (distance - mean) * (distance - mean);
    return {mean, std::sqrt(squares / options.subsets), options.subsets, options.subset_size};
}

} // namespace ctgan::inline CTGAN_ABI::score
