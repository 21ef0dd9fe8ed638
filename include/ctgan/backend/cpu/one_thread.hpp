#pragma once

#include <ctgan/backend/cpu/thread_count.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// What parallel_for uses instead of ThreadPool on a system without threads: the calling thread does all the
/// work. It includes no header of threads, which is an error on such a system.
class OneThread {
  public:
    static int threads() { return 1; }

    /// The number of threads stays 1. Throws std::invalid_argument if `threads` is below 1, as ThreadPool
    /// does.
    static void resize(int threads) { require_thread_count(threads); }

    /// Calls body(0) ... body(chunks - 1) in this order. The body must not throw.
    template <class Body>
    static void run(Index chunks, const Body& body) {
        for (Index chunk = 0; chunk < chunks; ++chunk) body(chunk);
    }

    /// Calls body().
    template <class Body>
    static auto region(const Body& body) {
        return body();
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
