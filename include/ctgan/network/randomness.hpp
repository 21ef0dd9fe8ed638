#pragma once

#include <ctgan/core/random.hpp>

#include <cstdint>

namespace ctgan {

/// Which random numbers a forward pass draws: they are a function of (seed, pass). To draw new numbers, give
/// each forward pass another `pass`, such as the number of the training step.
struct Randomness {
    std::uint64_t seed = 0;           ///< of the whole run
    std::uint64_t pass = 0;           ///< the number of this pass
    bool draw = true;                 ///< false: use the numbers that the workspace already holds
    random::StepCounter counter = {}; ///< adds to `pass` a count in the backend's memory

    /// Uses what the workspace already holds: masks from a file, or those of the pass before.
    static constexpr Randomness given() { return {0, 0, false}; }
};

} // namespace ctgan
