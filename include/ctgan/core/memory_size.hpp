#pragma once

#include <ctgan/core/shape.hpp>

namespace ctgan {

/// An amount of memory, in values: a number for each sample of the batch, plus a fixed number.
struct MemorySize {
    Index per_sample = 0; ///< values for each sample
    Index fixed = 0;      ///< values, independent of the batch
    /// Values for a batch of that many samples.
    constexpr Index at(int batch) const { return per_sample * batch + fixed; }
};

/// A number of values rounded up to whole cache lines: every block of an arena begins on a cache line.
constexpr Index aligned(Index n) { return (n + 15) / 16 * 16; }

} // namespace ctgan
