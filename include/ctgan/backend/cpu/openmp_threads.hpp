#pragma once

#include <ctgan/core/config.hpp>

#ifdef CTGAN_OPENMP // otherwise there may be no <omp.h>

#    include <ctgan/backend/cpu/available_cores.hpp>
#    include <ctgan/backend/cpu/first_exception.hpp>
#    include <ctgan/backend/cpu/serial_scope.hpp>
#    include <ctgan/backend/cpu/team.hpp>
#    include <ctgan/core/fail.hpp>
#    include <ctgan/core/shape.hpp>

#    include <algorithm>
#    include <atomic>
#    include <cstdint>
#    include <cstdlib>
#    include <omp.h>
#    include <stdexcept>
#    include <string>
#    include <thread>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A Team whose helpers are OpenMP's threads. They are in the team during a region, a parallel region of
/// OpenMP: at present one for each job. Within a region of the user's own, everything stays on the thread
/// that calls.
class OpenMpThreads {
  public:
    explicit OpenMpThreads(int threads) : threads_(threads) {}
    OpenMpThreads(const OpenMpThreads&) = delete;
    OpenMpThreads& operator=(const OpenMpThreads&) = delete;

    int threads() const { return threads_.load(std::memory_order_relaxed); }

    /// Changes the number of threads of later regions. Throws std::invalid_argument if `threads` is below 1.
    void resize(int threads) {
        if (threads < 1)
            ctgan::detail::fail(
                std::invalid_argument("threads: found " + std::to_string(threads) + ", expected at least 1"));
        threads_ = threads;
    }

    /// Calls body() on the calling thread, the leader, with the others as helpers of its jobs.
    template <class Body>
    void region(const Body& body) {
        if (leads() || threads() < 2 || SerialScope::active() || omp_in_parallel() ||
            busy_.test_and_set(std::memory_order_acquire))
            return body();
        const int wanted = threads();
        const std::uint32_t job = team_.begin(wanted);
        FirstException first;
#    pragma omp parallel num_threads(wanted)
        {
            const int self = omp_get_thread_num();
            if (self == 0) {
                team_.begin_with_fewer(omp_get_num_threads());
                leads() = true;
                first.guard(ChunkBody([&](Index) { body(); }), 0); // no exception may leave the region
                leads() = false;
                team_.end();
            } else
                team_.serve(self, job);
        }
        busy_.clear(std::memory_order_release);
        first.rethrow();
    }

    /// Calls body(0) ... body(chunks - 1), each once. The body must not throw.
    template <class Body>
    void run(Index chunks, const Body& body) {
        run_job([](const void* b, Index chunk) noexcept { (*static_cast<const Body*>(b))(chunk); }, &body,
                chunks);
    }

  private:
    /// Not inlined, so that a body is compiled once for all ways to reach it: two copies could round
    /// differently.
    CTGAN_NOINLINE void run_job(Team::Call call, const void* body, Index chunks) {
        if (chunks > 1 && leads() && !in_job_ && team_.threads() > 1) {
            in_job_ = true;
            team_.run(call, body, chunks);
            in_job_ = false;
        } else if (chunks > 1 && !leads() && threads() > 1 && !SerialScope::active() && !omp_in_parallel() &&
                   !busy_.test(std::memory_order_relaxed))
            region([&] { run_in_region(call, body, chunks); });
        else
            for (Index chunk = 0; chunk < chunks; ++chunk) call(body, chunk);
    }
    /// In a region of its own or, if another thread has taken the team meanwhile, alone.
    void run_in_region(Team::Call call, const void* body, Index chunks) {
        if (leads())
            run_job(call, body, chunks);
        else
            for (Index chunk = 0; chunk < chunks; ++chunk) call(body, chunk);
    }

    /// Whether the calling thread leads the team.
    static bool& leads() {
        static thread_local bool leading = false;
        return leading;
    }

    std::atomic<int> threads_;
    std::atomic_flag busy_; ///< set during a region
    bool in_job_ = false;   ///< the leader's
    Team team_;
};

/// The OpenMP threads that the library uses: as many as OpenMP would (OMP_NUM_THREADS), as far as the quotas
/// of control groups allow, or CTGAN_NUM_THREADS.
inline OpenMpThreads& thread_pool() {
    static OpenMpThreads& threads = *new OpenMpThreads(threads_of_environment(
        std::getenv("OMP_NUM_THREADS") ? omp_get_max_threads()
                                       : (std::min)(omp_get_max_threads(), available_cores())));
    return threads;
}

} // namespace ctgan::inline CTGAN_ABI::cpu

#endif
