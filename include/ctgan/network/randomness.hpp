#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>

#include <cstdint>

namespace ctgan::inline CTGAN_ABI {

/// Which random numbers a forward pass draws: they are a function of (seed, pass). To draw new ones, give
/// each forward pass another `pass`, such as the number of the training step.
struct Randomness {
    std::uint64_t seed = 0;           ///< the seed of the whole run
    std::uint64_t pass = 0;           ///< the number of this pass
    bool draw = true;                 ///< false: use the values that the workspace already holds
    random::StepCounter counter = {}; ///< a count in the backend's memory that is added to `pass`

    /// Draws nothing: the pass uses the dropout masks that the workspace already holds, for example from a
    /// file or from the pass before.
    static constexpr Randomness given() { return {0, 0, false}; }
};

} // namespace ctgan::inline CTGAN_ABI
