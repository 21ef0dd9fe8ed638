#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/core/shape.hpp>

#include <cstddef>
#include <stdexcept>
#include <vector>

/// Scores: how far a set of generated pictures is from a set of real ones. All of them compare numbers that a
/// network computes from the pictures, one row for each, so they are only comparable with scores from the
/// same network, and from as many pictures.
namespace ctgan::inline CTGAN_ABI::score {

/// The features or the logits of a set of pictures: one row of `width` numbers for each of `count` pictures.
struct Features {
    Index count = 0;            ///< rows
    int width = 0;              ///< numbers of a row
    std::vector<double> values; ///< count x width, row after row

    /// The numbers of row i.
    const double* row(Index i) const { return values.data() + i * width; }
};

namespace detail {

using ctgan::detail::fail_with;

/// Throws std::invalid_argument unless there are `least` rows or more, of finite numbers, as many as
/// count x width says.
inline void require_features(const char* who, const Features& features, Index least = 1) {
    if (features.width < 1)
        fail_with<std::invalid_argument>({who, ": found width = ", features.width, ", expected at least 1"});
    if (features.count < least)
        fail_with<std::invalid_argument>(
            {who, ": found count = ", features.count, ", expected at least ", least});
    if (features.values.size() / static_cast<std::size_t>(features.width) !=
            static_cast<std::size_t>(features.count) ||
        features.values.size() % static_cast<std::size_t>(features.width) != 0)
        fail_with<std::invalid_argument>({who, ": found ", features.values.size(), " values, expected ",
                                          features.count, " rows of ", features.width});
    for (Index i = 0; i < features.count; ++i)
        for (int d = 0; d < features.width; ++d)
            if (!is_finite(features.row(i)[d]))
                fail_with<std::invalid_argument>({who, ": found a value that is not finite in row ", i,
                                                  ", column ", d, ", expected none"});
}

/// Throws std::invalid_argument unless the rows of both sets are equally wide.
inline void require_width(const char* who, int real, int generated) {
    if (real != generated)
        fail_with<std::invalid_argument>({who, ": found rows of ", generated,
                                          " for the generated pictures, expected those of the real ones, ",
                                          real});
}

/// Throws std::invalid_argument unless both sets can be compared row by row.
inline void require_pair(const char* who, const Features& real, const Features& generated) {
    require_features(who, real);
    require_features(who, generated);
    require_width(who, real.width, generated.width);
}

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI::score
