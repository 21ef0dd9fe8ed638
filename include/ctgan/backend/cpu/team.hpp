#pragma once

#include <ctgan/backend/cpu/float_environment.hpp>
#include <ctgan/backend/cpu/job_number.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#if defined(__x86_64__) || defined(__i386__) || defined(_M_X64)
#    include <emmintrin.h>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

/// Threads that share the chunks of a job, one job after another. The leader, thread 0, calls run(); the
/// others, the helpers, are in serve() meanwhile. Who starts and ends them is not this class's business
/// (thread_pool.hpp, openmp_threads.hpp).
///
/// Each thread that has a core has a share of the chunks, the same part of the data in every job, so that its
/// cache still holds this data. A thread that has finished its share takes chunks from the others. So if
/// another program occupies a core, the other threads take over the chunks of the thread that waits for this
/// core, and no thread waits for one that has not begun. A helper without work first spins for a fraction of
/// a millisecond, because the gaps within a training step are shorter than the time to fall asleep and wake
/// up. Then it sleeps. If
/// there are more threads than cores, only so many helpers are kept awake as have a core.
class Team {
  public:
    using Clock = std::chrono::steady_clock;
    using Call = void (*)(const void* body, Index chunk) noexcept;

    int threads() const { return threads_.load(std::memory_order_relaxed); }

    /// Prepares for that many threads, the leader included, on so many cores. No helper may serve. Returns
    /// what helpers pass to serve().
    std::uint32_t begin(int threads, int cores) {
        if (shares_.size() < static_cast<std::size_t>(threads))
            shares_ = std::vector<Share>(static_cast<std::size_t>(threads));
        threads_.store(threads);
        cores_ = cores;
        awake_.store(threads - 1);
        ending_.store(false);
        serving_.store(threads - 1);
        return job_.load();
    }

    /// Says, after begin() and before the first job, that there are fewer threads.
    void begin_with_fewer(int threads) {
        serving_.fetch_sub(threads_.load() - threads);
        threads_.store(threads);
    }

    /// Lets all helpers return from serve(). Called by the leader.
    void end() {
        ending_.store(true);
        job_.advance_to(job_.load() + 1);
    }

    /// Forgets the helpers, which do not exist any more, and frees all memory.
    void dissolve() {
        threads_.store(1);
        std::vector<Share>().swap(shares_);
    }

    /// Calls call(body, 0) ... call(body, chunks - 1), each once. For the leader, and not within a chunk.
    void run(Call call, const void* body, Index chunks) {
        call_ = call;
        body_ = body;
        chunks_ = chunks;
        environment_ = FloatEnvironment::current();
        done_.store(0, std::memory_order_relaxed);
        const std::uint32_t job = job_.load(std::memory_order_relaxed) + 1;
        for (int i = 0; i < shares(); ++i)
            share_of(i).tickets.store(ticket(job, begin_of(i + 1) - begin_of(i)), std::memory_order_release);
        if (threads() <= cores_)
            job_.advance_to(job);
        else
            job_.advance_to(job, cores_ - 1 - awake_.load(std::memory_order_relaxed));
        const auto begin = Clock::now();
        const Index own = work(0, job);
        const auto all_done = [&] { return done_.load(std::memory_order_acquire) == chunks; };
        const auto end = Clock::now();
        if (spin_until(all_done, longest_spin)) return;
        while (!spin_until(all_done, longest_spin)) std::this_thread::yield();
        // A thread that runs needs about as long for a chunk as the leader did.
        if (own > 0) delays_ += (std::max)(Clock::duration{0}, Clock::now() - end - 2 * (end - begin) / own);
    }

    /// For how long the leader has waited in run() for chunks of threads that were late, since the last call.
    Clock::duration take_delays() { return std::exchange(delays_, Clock::duration{0}); }

    /// The loop of a helper, the thread with that number from 1. `seen` is what begin() returned.
    void serve(int self, std::uint32_t seen) {
        const auto spins_for = self < cores_ ? longest_spin : std::chrono::microseconds{0};
        for (;;) {
            if (!spin_until([&] { return job_.load(std::memory_order_relaxed) != seen; }, spins_for)) {
                awake_.fetch_sub(1, std::memory_order_relaxed);
                job_.wait(seen);
                awake_.fetch_add(1, std::memory_order_relaxed);
            }
            seen = job_.load(std::memory_order_acquire);
            if (ending_) break;
            work(self, seen);
        }
        serving_.fetch_sub(1, std::memory_order_acq_rel);
    }

    /// Sleeps until all helpers have left serve(). Called by the leader after end().
    void wait_for_helpers() {
        const auto all_left = [&] { return serving_.load(std::memory_order_acquire) == 0; };
        for (int looks = 0; looks < 200; ++looks) {
            if (all_left()) return;
            pause();
        }
        while (!all_left()) std::this_thread::sleep_for(std::chrono::microseconds(10));
    }

  private:
    static constexpr std::chrono::microseconds longest_spin{150};

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
    Index begin_of(int share) const { return chunks_ * share / shares(); }
    /// One for each thread that has a core: with more, threads would take the chunks of one another's data.
    int shares() const { return (std::min)(threads(), cores_); }

    /// Tells the processor that the thread spins.
    static void pause() {
#if defined(__x86_64__) || defined(__i386__) || defined(_M_X64)
        _mm_pause();
#elif defined(__aarch64__) && CTGAN_GNU_EXTENSIONS
        asm volatile("isb"); // as long as x86's pause; yield takes no time on most processors
#endif
    }

    /// Whether the condition becomes true while the thread spins for a fraction of a millisecond, on any
    /// processor.
    template <class Condition>
    static bool spin_until(const Condition& condition, std::chrono::microseconds longest) {
        constexpr int pauses = 64; // between two looks at the clock
        const auto looks = [&] {
            for (int k = 0; k < pauses; ++k) {
                if (condition()) return true;
                pause();
            }
            return false;
        };
        if (looks()) return true;
        const auto start = Clock::now();
        while (Clock::now() - start < longest)
            if (looks()) return true;
        return condition();
    }

    /// Takes chunks of a job until none is left, those of its own share first. Returns how many it took.
    Index work(int self, std::uint32_t job) {
        Index done = 0;
        for (int k = 0; k < shares(); ++k) {
            const int share = (self + k) % shares();
            std::atomic<std::uint64_t>& tickets = share_of(share).tickets;
            std::uint64_t now = tickets.load(std::memory_order_acquire);
            // A thread that has taken a ticket knows that its job is still running, so the job's fields have
            // not changed. It takes no tickets of another job.
            while (now >> 32 == job && static_cast<std::uint32_t>(now) > 0) {
                if (!tickets.compare_exchange_weak(now, now - 1, std::memory_order_acq_rel,
                                                   std::memory_order_acquire))
                    continue;
                if (done == 0 && self > 0) environment_.apply();
                call_(body_, begin_of(share + 1) - static_cast<std::uint32_t>(now));
                ++done;
                now = tickets.load(std::memory_order_acquire);
            }
        }
        if (done > 0) done_.fetch_add(done, std::memory_order_release);
        return done;
    }

    std::vector<Share> shares_;
    std::atomic<int> threads_{1};
    int cores_ = 1;
    std::atomic<bool> ending_{false};
    std::atomic<int> awake_{0};   ///< helpers that do not sleep; only how many are woken depends on it
    std::atomic<int> serving_{0}; ///< helpers that are in serve() or will be
    Call call_ = nullptr;
    const void* body_ = nullptr;
    Index chunks_ = 0;
    FloatEnvironment environment_{};
    Clock::duration delays_{0}; ///< the leader's
    alignas(64) std::atomic<Index> done_{0};
    alignas(64) JobNumber job_;
};

} // namespace ctgan::inline CTGAN_ABI::cpu
