#pragma once

#include <ctgan/score/classes.hpp>
#include <ctgan/score/extract.hpp>
#include <ctgan/score/frechet.hpp>
#include <ctgan/score/kernel.hpp>
#include <ctgan/score/nearest.hpp>
#include <ctgan/score/neighbours.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace scoring {

using ctgan::Index;
namespace score = ctgan::score;

/// What is computed of a set of real pictures alone, for all comparisons with it.
struct Statistics {
    score::Features features;
    score::Moments moments;
    score::Radii radii;
    std::vector<Index> histogram; ///< of the classes
};

/// `features` of `seen` move into the result.
inline Statistics statistics_of(score::Extracted seen, int k) {
    Statistics result;
    result.moments = score::moments(seen.features);
    result.radii = score::radii(seen.features, k);
    result.histogram = score::classes(seen.logits).histogram;
    result.features = std::move(seen.features);
    return result;
}

/// All figures of one set of pictures against a real one.
struct Figures {
    double fld = 0, kid = 0, kid_deviation = 0;
    double precision = 0, recall = 0, density = 0, coverage = 0;
    double classifier = 0;
    std::optional<double> chi_square; ///< nothing if the real pictures lack a class
    int subsets = 0;                  ///< of kid
    Index subset = 0;                 ///< pictures of each set in one of them
    std::vector<Index> histogram;     ///< of the classes
    score::Nearest nearest;           ///< the nearest real pictures
    std::vector<double> sorted;       ///< their distances, the least first
};

/// Compares pictures with real ones. Chi-square takes the shares of the classes from the real pictures, so
/// that the network's mistakes count on both sides. `subsets` are those of kid, of at most `subset` pictures.
inline Figures compare(const Statistics& real, const score::Extracted& seen, std::uint64_t seed,
                       int subsets = 100, Index subset = 1000) {
    Figures f;
    f.fld = score::frechet(real.moments, score::moments(seen.features));
    f.subsets = subsets;
    f.subset = std::min({subset, real.features.count, seen.features.count});
    const auto kernel = score::kernel(real.features, seen.features,
                                      {.subsets = subsets, .subset_size = f.subset, .seed = seed});
    f.kid = kernel.mean;
    f.kid_deviation = kernel.deviation;
    const auto neighbours = score::neighbours(real.features, seen.features, real.radii);
    f.precision = neighbours.precision;
    f.recall = neighbours.recall;
    f.density = neighbours.density;
    f.coverage = neighbours.coverage;
    const std::vector<double> shares(real.histogram.begin(), real.histogram.end());
    const bool has_all = std::find(shares.begin(), shares.end(), 0.0) == shares.end();
    const auto classes = has_all ? score::classes(seen.logits, shares) : score::classes(seen.logits);
    f.classifier = classes.score;
    if (has_all) f.chi_square = classes.chi_square;
    f.histogram = classes.histogram;
    f.nearest = score::nearest(seen.features, real.features);
    f.sorted = f.nearest.distance;
    std::sort(f.sorted.begin(), f.sorted.end());
    return f;
}

/// The figures as words and numbers in turn.
inline std::string line_of(const Figures& f) {
    return fmt::format("fld {:.6g} kid {:.6g} precision {:.4f} recall {:.4f} density {:.4f} coverage {:.4f} "
                       "score {:.4f}",
                       f.fld, f.kid, f.precision, f.recall, f.density, f.coverage, f.classifier);
}

/// How often each class occurs, and how far that is from the real pictures' shares.
inline std::string classes_of(const Figures& f) {
    std::string text;
    for (const Index n : f.histogram) text += fmt::format(" {}", n);
    return text + (f.chi_square ? fmt::format(" chi-square {:.6g}", *f.chi_square)
                                : " chi-square none, because the real pictures lack a class");
}

/// The distance that a share of the pictures has at most from the nearest real one.
inline double quantile(const Figures& f, double share) {
    const auto last = static_cast<double>(f.sorted.size() - 1);
    return f.sorted[static_cast<std::size_t>(share * last)];
}

} // namespace scoring
