#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// The samples of a batch that this process computes.
struct BatchShare {
    int first; ///< the first one
    int count; ///< how many
};

/// A part of a sum over the samples of a batch whose parts are added up in a fixed order: the sum over
/// samples `first` to `last` (one past the end). After it, the last two sums so far are added, `merges`
/// times.
struct PartialSum {
    int first;  ///< the first sample
    int last;   ///< one past the last one
    int merges; ///< how often the last two sums are added afterward
};

namespace detail {
/// Whether this thread is in a batch that it shares with other processes.
inline bool& batch_is_shared() {
#if CTGAN_THREADS
    static thread_local bool shared = false;
#else
    static bool shared = false;
#endif
    return shared;
}
} // namespace detail

/// For backends that compute whole batches. Sharded (ranks/sharded.hpp) shares a batch among processes.
struct WholeBatches {
    /// Begins a batch. Its share is all of it.
    static BatchShare share_of(int batch) { return {0, batch}; }
    /// Of how many values of the whole batch this process has n: what a mean over the batch divides by.
    static Index whole(Index n) { return n; }
    /// While the result lives, nothing reads the gradients that operations compute before in_region()
    /// returns. Nothing is late here.
    static std::false_type late_gradients() { return {}; }
};

} // namespace ctgan::inline CTGAN_ABI
