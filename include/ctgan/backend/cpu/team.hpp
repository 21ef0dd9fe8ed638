#pragma once

#include <ctgan/fail.hpp>
#include <ctgan/shape.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#    include <immintrin.h>
#endif

namespace ctgan::cpu {

/// A team of threads that share out the pieces of one job after another, the caller being one of them.
///
/// Each thread has a share of its own, the same part of the data from job to job, so that it finds in its
/// cache what it left there; who is done takes from the others' shares. Where another program holds a core,
/// the pieces of the thread that waits for it are thus done by the rest, and nobody waits for a thread that
/// has not begun. (At the end of an OpenMP loop all of the team have to appear, be there work for them or
/// not: with a core that was busy with something else a training step took 8 to 38 times as long, against 1.6
/// times here; docs/performance.md.) A worker out of work watches for the next job for a fraction of a
/// millisecond, as the gaps within a training step are shorter than falling asleep and waking up, and then
/// sleeps.
class Team {
  public:
    explicit Team(int threads) { start(threads); }
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;
    ~Team() { stop(); }

    int threads() const { return threads_.load(std::memory_order_relaxed); }

    /// Waits for a job that runs, so it is not for use within one. Throws std::invalid_argument below 1.
    /// Where the system gives fewer threads, the team is smaller.
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

    /// Calls body(0) ... body(pieces - 1), each once; body does not throw. A second caller at the same time,
    /// or one from within a piece, does its pieces by itself.
    template <class Body>
    void run(Index pieces, const Body& body) {
        share_out([](const void* b, Index piece) noexcept { (*static_cast<const Body*>(b))(piece); }, &body,
                  pieces);
    }

  private:
    using Call = void (*)(const void* body, Index piece) noexcept;

    /// Out of line, so that a body is compiled once for all ways to reach it: twice, it could be rounded in
    /// two ways.
    [[gnu::noinline]] void share_out(Call call, const void* body, Index pieces) {
        if (pieces < 2 || threads() < 2 || busy_.test_and_set(std::memory_order_acquire)) {
            for (Index piece = 0; piece < pieces; ++piece) call(body, piece);
            return;
        }
        call_ = call;
        body_ = body;
        pieces_ = pieces;
        done_.store(0, std::memory_order_relaxed);
        const std::uint32_t job = job_.load(std::memory_order_relaxed) + 1;
        for (int i = 0; i < threads(); ++i)
            share_of(i).tickets.store(ticket(job, begin(i + 1) - begin(i)), std::memory_order_release);
        job_.store(job, std::memory_order_release);
        job_.notify_all();
        work(0, job);
        for (int spins = 0; done_.load(std::memory_order_acquire) < pieces; ++spins)
            if (spins < spins_before_yielding)
                pause();
            else
                std::this_thread::yield();
        busy_.clear(std::memory_order_release);
    }

    /// The number of a job and how many pieces of a share are not yet taken.
    struct alignas(64) Share {
        std::atomic<std::uint64_t> tickets{0};
    };
    static std::uint64_t ticket(std::uint32_t job, Index left) {
        return std::uint64_t{job} << 32 | static_cast<std::uint32_t>(left);
    }

    Share& share_of(int thread) { return shares_[static_cast<std::size_t>(thread)]; }

    /// The first piece of a share.
    Index begin(int share) const { return pieces_ * share / threads(); }

    static void pause() {
#if defined(__x86_64__) || defined(__i386__)
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
        CTGAN_CATCH(std::system_error) { // no more to be had: those that there are do the work
        }
        shares_ = std::vector<Share>(workers_.size() + 1);
        threads_.store(static_cast<int>(shares_.size()));
    }

    void stop() {
        stopping_.store(true);
        job_.fetch_add(1);
        job_.notify_all();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
    }

    /// A worker's life. `seen` is the last job that it knows of.
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

    /// Takes pieces of a job until none is left, its own share's first.
    void work(int self, std::uint32_t job) {
        Index done = 0;
        for (int k = 0; k < threads(); ++k) {
            const int share = (self + k) % threads();
            std::atomic<std::uint64_t>& tickets = share_of(share).tickets;
            std::uint64_t now = tickets.load(std::memory_order_acquire);
            // Who has taken a ticket knows that its job still runs, and so that the job's fields are those
            // that it was announced with. A ticket of another job is none of ours.
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
    Index pieces_ = 0;
    alignas(64) std::atomic<Index> done_{0};
    alignas(64) std::atomic<std::uint32_t> job_{0};
};

/// The process's team, one thread a core unless set_threads says otherwise. It starts with the first use.
inline Team& team() {
    // Never destroyed: at a program's end others may still compute, and a forked child has no workers to wait
    // for.
    static Team& the_team = *new Team(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    return the_team;
}

} // namespace ctgan::cpu
