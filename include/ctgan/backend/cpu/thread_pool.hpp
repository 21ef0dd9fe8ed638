#pragma once

#include <ctgan/backend/cpu/job_number.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__) || defined(_M_X64)
#    include <immintrin.h>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

/// Threads that share the chunks of a job, one job after another. The caller is one of the threads.
///
/// Each thread has a share of the chunks, the same part of the data in every job, so that its cache still
/// holds this data. A thread that has finished its share takes chunks from the others. So if another program
/// occupies a core, the other threads take over the chunks of the thread that waits for this core, and no
/// thread waits for one that has not begun. (An OpenMP loop ends only when every thread has arrived, even
/// those without work: with one core occupied, a training step took 8 to 38 times as long, against 1.6 times
/// here; see docs/performance.md.) A worker without work first spins for a fraction of a millisecond, because
/// the gaps within a training step are shorter than the time to fall asleep and wake up. Then it sleeps.
class ThreadPool {
  public:
    explicit ThreadPool(int threads) { start(threads); }
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    ~ThreadPool() { stop(); }

    int threads() const { return threads_.load(std::memory_order_relaxed); }

    /// Changes the number of threads. There are fewer if the system does not provide as many. Waits for a
    /// running job, so it must not be called within one. Throws std::invalid_argument if `threads` is below
    /// 1.
    void resize(int threads) {
        if (threads < 1)
            ctgan::detail::fail(
                std::invalid_argument("threads: found " + std::to_string(threads) + ", expected at least 1"));
        while (busy_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
        if (threads != this->threads()) {
            stop();
            start(threads);
        }
        busy_.clear(std::memory_order_release);
    }

    /// Calls body(0) ... body(chunks - 1), each once. The body must not throw. If a job is running, another
    /// caller, or a call from within a chunk, runs all of its chunks on its own thread.
    template <class Body>
    void run(Index chunks, const Body& body) {
        run_job([](const void* b, Index chunk) noexcept { (*static_cast<const Body*>(b))(chunk); }, &body,
                chunks);
    }

  private:
    using Call = void (*)(const void* body, Index chunk) noexcept;

    /// Not inlined, so that a body is compiled once for all ways to reach it: two copies could round
    /// differently.
    CTGAN_NOINLINE void run_job(Call call, const void* body, Index chunks) {
        if (chunks < 2 || threads() < 2 || busy_.test_and_set(std::memory_order_acquire)) {
            for (Index chunk = 0; chunk < chunks; ++chunk) call(body, chunk);
            return;
        }
        call_ = call;
        body_ = body;
        chunks_ = chunks;
        done_.store(0, std::memory_order_relaxed);
        const std::uint32_t job = job_.load(std::memory_order_relaxed) + 1;
        for (int i = 0; i < threads(); ++i)
            share_of(i).tickets.store(ticket(job, begin(i + 1) - begin(i)), std::memory_order_release);
        job_.advance_to(job);
        work(0, job);
        for (int spins = 0; done_.load(std::memory_order_acquire) < chunks; ++spins)
            if (spins < spins_before_yielding)
                pause();
            else
                std::this_thread::yield();
        busy_.clear(std::memory_order_release);
    }

    /// The number of a job (upper 32 bits), and how many chunks of the share have not been taken (lower 32
    /// bits).
    struct alignas(64) Share {
        std::atomic<std::uint64_t> tickets{0};
    };
    static std::uint64_t ticket(std::uint32_t job, Index left) {
        return std::uint64_t{job} << 32 | static_cast<std::uint32_t>(left);
    }

    Share& share_of(int thread) { return shares_[static_cast<std::size_t>(thread)]; }

    /// The first chunk of a share.
    Index begin(int share) const { return chunks_ * share / threads(); }

    static void pause() {
#if defined(__x86_64__) || defined(__i386__) || defined(_M_X64)
        _mm_pause();
#endif
    }

    void start(int threads) {
        stopping_.store(false);
        const std::uint32_t job = job_.load();
        CTGAN_TRY {
            workers_.reserve(static_cast<std::size_t>(threads));
            for (int i = 1; i < threads; ++i) workers_.emplace_back([this, i, job] { serve(i, job); });
        }
        CTGAN_CATCH(std::system_error) { // no more threads are available: those that started do the work
        }
        shares_ = std::vector<Share>(workers_.size() + 1);
        threads_.store(static_cast<int>(shares_.size()));
    }

    void stop() {
        stopping_.store(true);
        job_.advance_to(job_.load() + 1); // only the owner of busy_ changes it
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
    }

    /// The loop of a worker. `seen` is the number of the last job that it has seen.
    void serve(int self, std::uint32_t seen) {
        for (;;) {
            for (int spins = 0; spins < spins_before_sleeping && job_.load(std::memory_order_relaxed) == seen;
                 ++spins)
                pause();
            job_.wait(seen);
            seen = job_.load(std::memory_order_acquire);
            if (stopping_) return;
            work(self, seen);
        }
    }

    /// Takes chunks of a job until none is left, those of its own share first.
    void work(int self, std::uint32_t job) {
        Index done = 0;
        for (int k = 0; k < threads(); ++k) {
            const int share = (self + k) % threads();
            std::atomic<std::uint64_t>& tickets = share_of(share).tickets;
            std::uint64_t now = tickets.load(std::memory_order_acquire);
            // A thread that has taken a ticket knows that its job is still running, so the job's fields have
            // not changed. It takes no tickets of another job.
            while (now >> 32 == job && static_cast<std::uint32_t>(now) > 0) {
                if (!tickets.compare_exchange_weak(now, now - 1, std::memory_order_acq_rel,
                                                   std::memory_order_acquire))
                    continue;
                call_(body_, begin(share + 1) - static_cast<std::uint32_t>(now));
                ++done;
                now = tickets.load(std::memory_order_acquire);
            }
        }
        if (done > 0) done_.fetch_add(done, std::memory_order_release);
    }

    static constexpr int spins_before_yielding = 2000, spins_before_sleeping = 4000;

    std::atomic_flag busy_; ///< set while a job runs
    std::vector<std::thread> workers_;
    std::vector<Share> shares_;
    std::atomic<int> threads_{1};
    std::atomic<bool> stopping_{false};
    Call call_ = nullptr;
    const void* body_ = nullptr;
    Index chunks_ = 0;
    alignas(64) std::atomic<Index> done_{0};
    alignas(64) JobNumber job_;
};

/// The thread pool of the process: one thread for each core unless set_threads says otherwise. It starts at
/// its first use.
inline ThreadPool& thread_pool() {
    // Never destroyed: when a program ends, other threads may still compute, and a forked child has no
    // workers to wait for.
    static ThreadPool& the_pool =
        *new ThreadPool(static_cast<int>((std::max)(1U, std::thread::hardware_concurrency())));
    return the_pool;
}

} // namespace ctgan::inline CTGAN_ABI::cpu
