#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/features.hpp>
#include <ctgan/score/tiles.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

/// How far the k nearest neighbours of each row of a set reach.
struct Radii {
    int k = 0;                   ///< neighbours, the row itself not counted
    std::vector<double> squared; ///< for each row the squared distance of its k-th nearest neighbour
};

/// Precision, recall, density and coverage, with what they were computed from.
struct Neighbours {
    double precision;      ///< the share of generated pictures inside the ball of a real one
    double recall;         ///< the share of real pictures inside the ball of a generated one
    double density;        ///< of how many real balls a generated picture is inside on average, divided by k
    double coverage;       ///< the share of real pictures whose ball has a generated one inside
    int k;                 ///< a ball reaches to the k-th nearest picture of the same set
    Index real_count;      ///< rows of the real set
    Index generated_count; ///< rows of the generated set
};

namespace detail {

/// Throws std::invalid_argument unless each row has k neighbours.
inline void require_neighbours(const char* who, int k, Index count) {
    if (k < 1) fail_with<std::invalid_argument>({who, ": found k = ", k, ", expected at least 1"});
    if (k >= count)
        fail_with<std::invalid_argument>(
            {who, ": found ", count, " rows, expected more than k = ", k, ", the neighbours of each"});
}

/// Inserts a value into n sorted ones, of which the largest falls out.
inline void insert_sorted(double* sorted, int n, double value) {
    int at = n - 1;
    for (; at > 0 && sorted[at - 1] > value; --at) sorted[at] = sorted[at - 1];
    sorted[at] = value;
}

} // namespace detail

/// The radii of the balls of a set. Those of the real set may be computed once for many comparisons.
///
/// Throws std::invalid_argument if there are no more than k rows, k is below 1 or a value is not finite.
inline Radii radii(const Features& set, int k = 5) {
    detail::require_features("score::radii", set);
    detail::require_neighbours("score::radii", k, set.count);
    Radii result{k, std::vector<double>(static_cast<std::size_t>(set.count))};
    const detail::Panels panels(set);
    const detail::RowChunks chunks{set.count};
    cpu::parallel_for(chunks.count(), [&](Index chunk) {
        const Index begin = chunks.begin(chunk), end = chunks.end(chunk);
        std::vector<double> least(static_cast<std::size_t>(end - begin) * static_cast<std::size_t>(k),
                                  (std::numeric_limits<double>::max)());
        const auto visit = [&](Index row, Index first, int n, const double* squares) {
            double* sorted = least.data() + (row - begin) * k;
            for (int c = 0; c < n; ++c)
                if (squares[c] < sorted[k - 1] && first + c != row)
                    detail::insert_sorted(sorted, k, squares[c]);
        };
        detail::for_each_tile<detail::SquaredDifference>(set, begin, end, panels, visit);
        for (Index row = begin; row < end; ++row)
            result.squared[static_cast<std::size_t>(row)] =
                least[static_cast<std::size_t>((row - begin + 1) * k - 1)];
    });
    return result;
}

/// Precision and recall (Kynkäänniemi et al.: Improved Precision and Recall Metric for Assessing Generative
/// Models, NeurIPS 2019), density and coverage (Naeem et al.: Reliable Fidelity and Diversity Metrics for
/// Generative Models, ICML 2020), with the definitions of the Python package prdc. The ball of a row reaches
/// to its k-th nearest neighbour in its own set, r_i for the real row i and s_j for the generated row j; with
/// their distance d_ij, n real and m generated rows
///
///     precision = |{j: d_ij < r_i for an i}| / m        density  = |{(i, j): d_ij < r_i}| / (k m)
///     recall    = |{i: d_ij < s_j for a j}| / n         coverage = |{i: d_ij < r_i for a j}| / n
///
/// The comparison is strict, so the ball of a row that occurs more than k times in its set is empty. The
/// figures depend on n and m, which the result has: compare only figures of equal ones.
///
/// Throws std::invalid_argument if the widths differ, a set has no more than k rows, a value is not finite,
/// or the radii are not those of as many rows.
inline Neighbours neighbours(const Features& real, const Features& generated, const Radii& real_radii) {
    constexpr const char* who = "score::neighbours";
    detail::require_pair(who, real, generated);
    const int k = real_radii.k;
    detail::require_neighbours(who, k, (std::min)(real.count, generated.count));
    if (real_radii.squared.size() != static_cast<std::size_t>(real.count))
        detail::fail_with<std::invalid_argument>({who, ": found ", real_radii.squared.size(),
                                                  " radii, expected one for each of the ", real.count,
                                                  " real rows"});
    const Radii generated_radii = radii(generated, k);
    const double* r = real_radii.squared.data();
    const double* s = generated_radii.squared.data();

    // Each chunk of generated rows has marks of its own for the real rows.
    const detail::Panels panels(real);
    const detail::RowChunks chunks{generated.count};
    using Mark = unsigned char; // not bool: std::vector would pack it into bits
    struct Marks {
        std::vector<Mark> covered, recalled;
        Index precise = 0, inside = 0;
    };
    std::vector<Marks> marks(static_cast<std::size_t>(chunks.count()));
    cpu::parallel_for(chunks.count(), [&](Index chunk) {
        const Index begin = chunks.begin(chunk), end = chunks.end(chunk);
        const auto rows = static_cast<std::size_t>(real.count);
        Marks own{std::vector<Mark>(rows), std::vector<Mark>(rows)};
        std::vector<Mark> precise(static_cast<std::size_t>(end - begin));
        const auto visit = [&](Index row, Index first, int n, const double* squares) {
            int inside = 0;
            for (int c = 0; c < n; ++c) {
                const bool in_real = squares[c] < r[first + c], in_generated = squares[c] < s[row];
                inside += in_real;
                own.covered[static_cast<std::size_t>(first + c)] |= Mark{in_real};
                own.recalled[static_cast<std::size_t>(first + c)] |= Mark{in_generated};
            }
            own.inside += inside;
            precise[static_cast<std::size_t>(row - begin)] |= Mark{inside > 0};
        };
        detail::for_each_tile<detail::SquaredDifference>(generated, begin, end, panels, visit);
        own.precise = std::count(precise.begin(), precise.end(), Mark{1});
        marks[static_cast<std::size_t>(chunk)] = std::move(own);
    });

    Index precise = 0, inside = 0, covered = 0, recalled = 0;
    for (const Marks& own : marks) {
        precise += own.precise;
        inside += own.inside;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(real.count); ++i) {
        covered +=
            std::any_of(marks.begin(), marks.end(), [i](const Marks& own) { return own.covered[i] != 0; });
        recalled +=
            std::any_of(marks.begin(), marks.end(), [i](const Marks& own) { return own.recalled[i] != 0; });
    }
    const auto n = static_cast<double>(real.count), m = static_cast<double>(generated.count);
    return {.precision = static_cast<double>(precise) / m,
            .recall = static_cast<double>(recalled) / n,
            .density = static_cast<double>(inside) / (k * m),
            .coverage = static_cast<double>(covered) / n,
            .k = k,
            .real_count = real.count,
            .generated_count = generated.count};
}

/// The same, with the radii of `real` computed here.
inline Neighbours neighbours(const Features& real, const Features& generated, int k = 5) {
    return neighbours(real, generated, radii(real, k));
}

} // namespace ctgan::inline CTGAN_ABI::score
