#pragma once

#include <ctgan/core/config.hpp>

#if CTGAN_OPENMP // otherwise there may be no <omp.h>

#    include <ctgan/backend/cpu/available_cores.hpp>
#    include <ctgan/backend/cpu/first_exception.hpp>
#    include <ctgan/backend/cpu/late_threads.hpp>
#    include <ctgan/backend/cpu/openmp_library.hpp>
#    include <ctgan/backend/cpu/process_threads.hpp>
#    include <ctgan/backend/cpu/serial_scope.hpp>
#    include <ctgan/backend/cpu/startable_threads.hpp>
#    include <ctgan/backend/cpu/team.hpp>
#    include <ctgan/backend/cpu/thread_count.hpp>
#    include <ctgan/core/shape.hpp>

#    include <algorithm>
#    include <atomic>
#    include <cstdint>
#    include <cstdlib>
#    include <exception>
#    include <omp.h>
#    include <optional>
#    include <type_traits>
#    include <utility>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A Team whose helpers are OpenMP's threads. They are in the team during a region, a parallel region of
/// OpenMP around a whole step or pass; a loop outside opens one for itself. Within a region of the user's
/// own, everything stays on the thread that calls.
class OpenMpThreads {
  public:
    /// As many as OpenMP would use (OMP_NUM_THREADS, affinity), as far as the quotas of control groups allow.
    static int usual_number() {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): read once
        const bool given = std::getenv("OMP_NUM_THREADS") != nullptr;
        // Not the cores of the calling thread: OpenMP may have bound it to one (OMP_PROC_BIND).
        return given ? omp_get_max_threads()
                     : (std::min)(omp_get_max_threads(), cores_within_quotas(omp_get_num_procs()));
    }

    explicit OpenMpThreads(int threads) : threads_(threads) { detail::keep_openmp_loaded(); }
    OpenMpThreads(const OpenMpThreads&) = delete;
    OpenMpThreads& operator=(const OpenMpThreads&) = delete;

    int threads() const {
        return alone_.load(std::memory_order_relaxed) ? 1 : threads_.load(std::memory_order_relaxed);
    }

    /// Changes the number of threads of later regions. There are fewer if the system cannot start them, which
    /// the next region finds out. Throws std::invalid_argument if `threads` is below 1.
    void resize(int threads) {
        require_thread_count(threads);
        threads_ = threads;
        resized_ = true;
    }

    /// Calls body() on the calling thread, the leader, with the others of the process as helpers of its
    /// loops. Returns what it returns.
    ///
    /// A region costs some microseconds, so it pays from the second loop on: a pass that had fewer loops for
    /// several threads the last time, such as one of a tiny network, runs without.
    template <class Body>
    static auto region(const Body& body) {
        using Result = decltype(body());
        if constexpr (std::is_void_v<Result>)
            counted_region(body);
        else {
            std::optional<Result> result;
            counted_region([&] { result.emplace(body()); });
            return *std::move(result);
        }
    }

    /// Calls body(0) ... body(chunks - 1), each once. The body must not throw.
    template <class Body>
    void run(Index chunks, const Body& body) {
        run_job([](const void* b, Index chunk) noexcept { (*static_cast<const Body*>(b))(chunk); }, &body,
                chunks);
    }

    /// For a child process after fork: GNU's OpenMP hangs there in its next region, so the process has one
    /// thread from now on.
    void forked() {
        alone_ = true;
        leads() = false;
    }

    /// For the end of the process and of a shared library that is unloaded: frees all memory. Later jobs run
    /// on their caller's thread. Does nothing during a region of another thread.
    void finish() {
        if (busy_.test_and_set(std::memory_order_acquire)) return;
        alone_ = true;
        team_.dissolve();
        busy_.clear(std::memory_order_release);
    }

  private:
    template <class Body>
    static void counted_region(const Body& body) {
        static std::atomic<int> loops_before{0}; // for several threads, in the last call
        const int before = shared_loops();
        if (loops_before.load(std::memory_order_relaxed) > 1)
            threads_of_process<OpenMpThreads>().lead(&invoke<Body>, &body);
        else
            invoke<Body>(&body);
        const int loops = shared_loops() - before;
        // Loops in a SerialScope do not count, and are not a reason to count none.
        if (loops != loops_before.load(std::memory_order_relaxed) && !SerialScope::active())
            loops_before.store(loops, std::memory_order_relaxed);
    }
    /// Neither inlined nor copied, so that a body is compiled once for both: two copies could round
    /// differently.
    template <class Body>
    CTGAN_SHARED static void invoke(const void* body) {
        (*static_cast<const Body*>(body))();
    }

    /// Whether the calling thread could open a region.
    bool can_lead() const {
        return threads() > 1 && !leads() && !SerialScope::active() && !omp_in_parallel();
    }

    /// The region or, if there can be none, only the body.
    CTGAN_NOINLINE void lead(void (*call)(const void*), const void* body) {
        if (!can_lead() || busy_.test_and_set(std::memory_order_acquire)) return call(body);
        const auto whole = [&](Index) { call(body); };
        FirstException first;
        if (resized_.exchange(false)) late_ = LateThreads{};
        const int wanted = startable(); // before the clock, because it may start threads to find out
        const auto begun = LateThreads::Clock::now();
        const int taken = late_.worth(wanted, begun);
        std::uint32_t job = 0;
        if (taken == 1 || !begin(taken, job))
            first.guard(ChunkBody(whole), 0);
        else {
#    pragma omp parallel num_threads(taken)
            if (const int self = omp_get_thread_num(); self > 0)
                team_.serve(self, job);
            else {
                // OpenMP waits here for threads that have not come back from the region before.
                const auto delay = LateThreads::Clock::now() - begun;
                team_.begin_with_fewer(omp_get_num_threads());
                leads() = true;
                first.guard(ChunkBody(whole), 0); // no exception may leave the region
                leads() = false;
                const auto end = LateThreads::Clock::now();
                team_.end();
                team_.wait_for_helpers();
                const auto now = LateThreads::Clock::now();
                late_.arrived(team_.threads(), wanted, now - begun, delay + team_.take_delays() + (now - end),
                              now);
            }
        }
        busy_.clear(std::memory_order_release);
        first.rethrow();
    }
    /// How many threads there can be. The others are given up, until the next resize.
    int startable() {
        int wanted = threads();
        if (wanted > startable_) {
            startable_ = startable_threads(wanted);
            threads_.compare_exchange_strong(wanted, startable_);
            wanted = startable_;
        }
        return wanted;
    }
    /// Whether the memory suffices.
    bool begin(int threads, std::uint32_t& job) {
        CTGAN_TRY {
            job = team_.begin(threads, cores_);
            return true;
        }
        CTGAN_CATCH(std::exception) { return false; }
    }

    /// Not inlined, as in ThreadPool.
    CTGAN_NOINLINE void run_job(Team::Call call, const void* body, Index chunks) {
        if (chunks > 1) ++shared_loops();
        const auto shared = [&] { share(call, body, chunks); };
        if (chunks > 1 && can_lead() && !busy_.test(std::memory_order_relaxed))
            lead(&invoke<decltype(shared)>, &shared);
        else
            shared();
    }
    /// On the team, if the calling thread leads one and is not in a chunk, or else alone.
    void share(Team::Call call, const void* body, Index chunks) {
        if (chunks > 1 && leads() && !in_job_ && team_.threads() > 1) {
            in_job_ = true;
            team_.run(call, body, chunks);
            in_job_ = false;
        } else
            for (Index chunk = 0; chunk < chunks; ++chunk) call(body, chunk);
    }

    /// Whether the calling thread leads the team.
    static bool& leads() {
        static thread_local bool leading = false;
        return leading;
    }
    /// How many loops of more than one chunk the calling thread has begun.
    static int& shared_loops() {
        static thread_local int loops = 0;
        return loops;
    }

    const int cores_ = cores_within_quotas(omp_get_num_procs());
    std::atomic<int> threads_;
    std::atomic<bool> resized_{false};
    std::atomic<bool> alone_{false}; ///< nothing but the caller's thread, from now on
    std::atomic_flag busy_;          ///< set during a region
    bool in_job_ = false;            ///< the leader's
    LateThreads late_;               ///< the leader's
    int startable_ = 1;              ///< the leader's; how many threads have been seen to start
    Team team_;
};

} // namespace ctgan::inline CTGAN_ABI::cpu

#endif
