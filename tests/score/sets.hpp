#pragma once

#include <ctgan/core/random.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/features.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

/// Features of random numbers that python/figures.py makes, too, bit for bit: a value is the sum of four
/// uniform ones less 2, of the random numbers of `seed`, times scale, plus shift. With scales and shifts of
/// few bits nothing is rounded.
inline ctgan::score::Features made_features(ctgan::Index count, int width, std::uint64_t seed,
                                            double scale = 1, double shift = 0) {
    using namespace ctgan;
    score::Features set{count, width, {}};
    const random::Stream stream{seed};
    for (Index i = 0; i < count * width; ++i) {
        double sum = -2;
        for (int j = 0; j < 4; ++j) sum += random::uniform(stream.bits(4 * i + j));
        set.values.push_back(scale * sum + shift);
    }
    return set;
}

/// The first `count` rows in another order: every `step`-th, for a step that has no divisor with count in
/// common.
inline ctgan::score::Features reordered(const ctgan::score::Features& set, ctgan::Index step) {
    ctgan::score::Features other{set.count, set.width, {}};
    for (ctgan::Index i = 0; i < set.count; ++i) {
        const double* row = set.row(i * step % set.count);
        other.values.insert(other.values.end(), row, row + set.width);
    }
    return other;
}

/// Each row times a matrix of set.width x width, row after row.
inline ctgan::score::Features times(const ctgan::score::Features& set, const std::vector<double>& matrix,
                                    int width) {
    ctgan::score::Features product{set.count, width, {}};
    for (ctgan::Index i = 0; i < set.count; ++i)
        for (int c = 0; c < width; ++c) {
            double sum = 0;
            for (int d = 0; d < set.width; ++d)
                sum += set.row(i)[d] * matrix[static_cast<std::size_t>(d * width + c)];
            product.values.push_back(sum);
        }
    return product;
}
