#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI {

/// An amount of memory, counted in scalars: `per_sample` for each sample of the batch, plus `fixed`.
struct MemorySize {
    Index per_sample = 0; ///< for each sample
    Index fixed = 0;      ///< independent of the batch
    /// The scalars for `batch` samples.
    constexpr Index at(int batch) const { return per_sample * batch + fixed; }
    /// Enough for this and for the other, one at a time.
    constexpr MemorySize with(const MemorySize& other) const {
        return {per_sample > other.per_sample ? per_sample : other.per_sample,
                fixed > other.fixed ? fixed : other.fixed};
    }
};

/// A count of scalars, rounded up to a multiple of 16: every block of an arena begins on a cache line of its
/// own.
constexpr Index aligned(Index n) { return (n + 15) / 16 * 16; }

} // namespace ctgan::inline CTGAN_ABI
