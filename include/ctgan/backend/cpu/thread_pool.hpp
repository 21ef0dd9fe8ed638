#pragma once

#include <ctgan/backend/cpu/available_cores.hpp>
#include <ctgan/backend/cpu/team.hpp>
#include <ctgan/backend/cpu/thread_count.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <thread>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A Team whose helpers are threads of its own, which stay until the size changes. Whoever calls run() leads.
class ThreadPool {
  public:
    /// One thread for each available core.
    static int usual_number() { return available_cores(); }

    explicit ThreadPool(int threads) { start(threads); }
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    ~ThreadPool() { stop(); }

    int threads() const {
        const int lost = lost_.load(std::memory_order_relaxed);
        return lost > 0 ? lost : team_.threads();
    }

    /// Changes the number of threads. There are fewer if the system or the memory does not suffice. Waits for
    /// a running job, so it must not be called within one. Throws std::invalid_argument if `threads` is below
    /// 1.
    void resize(int threads) {
        require_thread_count(threads);
        while (busy_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
        if (threads != team_.threads()) {
            stop();
            start(threads);
        }
        lost_ = 0;
        busy_.clear(std::memory_order_release);
    }

    /// Calls body(0) ... body(chunks - 1), each once. The body must not throw. If a job is running, another
    /// caller, or a call from within a chunk, runs all of its chunks on its own thread.
    template <class Body>
    void run(Index chunks, const Body& body) {
        run_job([](const void* b, Index chunk) noexcept { (*static_cast<const Body*>(b))(chunk); }, &body,
                chunks);
    }

    /// Calls body(), a step or pass. Its loops are jobs of their own.
    template <class Body>
    static auto region(const Body& body) {
        return body();
    }

    /// For a child process after fork: the helpers do not exist here. The next job starts new ones. Not
    /// within a job.
    void forked() {
        lost_ = team_.threads() > 1 ? team_.threads() : 0;
        // They cannot be joined, and a std::thread that is not joined ends the program when it is destroyed.
        if (lost_ > 0) new (std::nothrow) std::vector<std::thread>(std::move(workers_));
        team_.dissolve();
        busy_.clear(); // another thread of the parent may have had it
    }

    /// For the end of the process and of a shared library that is unloaded: ends the helpers and frees all
    /// memory. Later jobs run on their caller's thread. Does nothing if another thread is in a job.
    void finish() {
        if (busy_.test_and_set(std::memory_order_acquire)) return;
        stop();
        team_.dissolve();
        std::vector<std::thread>().swap(workers_);
        busy_.clear(std::memory_order_release);
    }

  private:
    /// Not inlined, so that a body is compiled once for all ways to reach it: two copies could round
    /// differently.
    CTGAN_NOINLINE void run_job(Team::Call call, const void* body, Index chunks) {
        if (chunks < 2 || threads() < 2 || busy_.test_and_set(std::memory_order_acquire)) {
            for (Index chunk = 0; chunk < chunks; ++chunk) call(body, chunk);
            return;
        }
        if (const int lost = lost_.exchange(0, std::memory_order_relaxed); lost > 0) start(lost);
        team_.run(call, body, chunks);
        busy_.clear(std::memory_order_release);
    }

    void start(int threads) {
        int started = 1;
        CTGAN_TRY {
            workers_.reserve(static_cast<std::size_t>(threads - 1));
            const std::uint32_t job = team_.begin(threads, available_cores());
            for (; started < threads; ++started)
                workers_.emplace_back([this, self = started, job] { team_.serve(self, job); });
        }
        CTGAN_CATCH(std::exception) { // no more threads, or no memory: those that started do the work
        }
        if (started < threads) team_.begin_with_fewer(started);
    }

    void stop() {
        if (workers_.empty()) return;
        team_.end();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
    }

    std::atomic_flag busy_;    ///< set while a job runs
    std::atomic<int> lost_{0}; ///< how many threads there were before fork, until they are started again
    std::vector<std::thread> workers_;
    Team team_;
};

} // namespace ctgan::inline CTGAN_ABI::cpu
