#pragma once

#include "figures.hpp"
#include "kind.hpp"
#include "shuffled.hpp"
#include <algorithm>
#include <cstdint>

namespace scoring {

/// Real pictures to compare with, and how far other real pictures are from them: what a good generator
/// that copies none comes close to.
struct RealSet {
    Statistics statistics;
    Figures floor;
    Index floor_count = 0; ///< pictures of each side of the floor
};

/// The first `count` of the real pictures, and for the floor as many that follow them. If there are fewer
/// than twice as many, the floor is of two halves of the real pictures.
inline RealSet real_set(const Shuffled& real, const Kind::Extract& extract, Index count, int k,
                        std::uint64_t seed) {
    RealSet result;
    result.statistics = statistics_of(extract(real.part(0, count)), k);
    result.floor_count = std::min(count, real.count() / 2);
    const auto others = extract(real.part(result.floor_count, result.floor_count));
    if (result.floor_count == count)
        result.floor = compare(result.statistics, others, seed);
    else
        result.floor = compare(statistics_of(extract(real.part(0, result.floor_count)), k), others, seed);
    return result;
}

} // namespace scoring
