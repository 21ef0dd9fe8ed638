#pragma once

#include <ctgan/backend/cpu/first_exception.hpp>
#include <ctgan/backend/cpu/serial_scope.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#if CTGAN_OPENMP
#    include <ctgan/backend/cpu/openmp_threads.hpp>
#elif CTGAN_THREADS
#    include <ctgan/backend/cpu/thread_pool.hpp>
#else
#    include <ctgan/backend/cpu/one_thread.hpp>
#endif
#if CTGAN_OPENMP || CTGAN_THREADS
#    include <ctgan/backend/cpu/process_threads.hpp>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

/// The kind of threads that the backend uses, and those of the process.
#if CTGAN_OPENMP
using Threads = OpenMpThreads;
#elif CTGAN_THREADS
using Threads = ThreadPool;
#else
using Threads = OneThread;
#endif
#if CTGAN_OPENMP || CTGAN_THREADS
/// The threads of the process.
inline Threads& thread_pool() { return threads_of_process<Threads>(); }
#else
/// The calling thread.
inline Threads thread_pool() { return {}; }
#endif

/// Sets the number of threads that parallel_for uses from now on, including the caller. Without threads
/// (CTGAN_THREADS is 0) it stays 1.
inline void set_threads(int threads) { thread_pool().resize(threads); }

/// How many threads parallel_for uses.
inline int threads() { return thread_pool().threads(); }

namespace detail {
/// The loop of parallel_for, the same for all bodies.
CTGAN_SHARED inline void run_chunks(Index chunks, const ChunkBody& body) {
    FirstException first;
    if (SerialScope::active()) {
        for (Index chunk = 0; chunk < chunks; ++chunk) first.guard(body, chunk);
        return first.rethrow();
    }
    thread_pool().run(chunks, [&](Index chunk) { first.guard(body, chunk); });
    first.rethrow();
}
} // namespace detail

/// Calls body(0) ... body(chunks - 1), each once, on all threads.
///
/// This is the only parallel loop of the backend. Results do not depend on the number of threads as long as
/// its callers keep two rules: how work is divided into chunks depends on shapes and batch alone, and no two
/// chunks write the same value. If the body throws, the other chunks still run, and the first exception
/// reaches the caller.
template <class Body>
void parallel_for(Index chunks, const Body& body) {
    detail::run_chunks(chunks, ChunkBody(body));
}

/// `total` divided into the fewest parts of at most `max_size`, whose sizes differ by at most one.
struct Parts {
    int total, max_size;
    constexpr int count() const { return (total + max_size - 1) / max_size; }
    constexpr int begin(int part) const { return static_cast<int>(Index{total} * part / count()); }
    constexpr int size(int part) const { return begin(part + 1) - begin(part); }
    constexpr int smallest() const { return total / count(); }
    constexpr int largest() const { return (total + count() - 1) / count(); }
};

/// A range of the parts of a division (Parts), or of anything that is counted.
struct PartRange {
    int first; ///< the first one
    int last;  ///< one past the last one
};

} // namespace ctgan::inline CTGAN_ABI::cpu
