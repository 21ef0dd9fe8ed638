#pragma once

#include <ctgan/core/config.hpp>

#include <atomic>
#include <cstdint>

#ifndef CTGAN_OWN_WAIT // a test defines it
#    if defined(__GLIBCXX__) && !defined(__linux__)
#        define CTGAN_OWN_WAIT 1
#    else
#        define CTGAN_OWN_WAIT 0
#    endif
#endif
#if CTGAN_OWN_WAIT
#    include <condition_variable>
#    include <mutex>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

/// The number of a thread pool's latest job. Workers sleep until it changes.
///
/// On Linux, std::atomic does that by a system call. Where libstdc++ has none (mingw), it uses static
/// objects, which a program destroys at its end while the workers of thread_pool(), which never end, may
/// still sleep in them: programs crashed then. So there this class has its own, which live as long as the
/// pool.
class JobNumber {
  public:
    std::uint32_t load(std::memory_order order = std::memory_order_seq_cst) const {
        return number_.load(order);
    }

    /// Changes the number and wakes the workers.
    void advance_to(std::uint32_t number) {
        change_to(number);
#if CTGAN_OWN_WAIT
        changed_.notify_all();
#else
        number_.notify_all();
#endif
    }
    /// Changes the number and wakes at most `workers` of them; the others go on sleeping.
    void advance_to(std::uint32_t number, int workers) {
        change_to(number);
        for (; workers > 0; --workers)
#if CTGAN_OWN_WAIT
            changed_.notify_one();
#else
            number_.notify_one();
#endif
    }

    /// Sleeps as long as the number is `seen`.
    void wait(std::uint32_t seen) {
#if CTGAN_OWN_WAIT
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return number_.load(std::memory_order_acquire) != seen; });
#else
        number_.wait(seen);
#endif
    }

  private:
    void change_to(std::uint32_t number) {
#if CTGAN_OWN_WAIT
        const std::lock_guard lock(mutex_); // a worker may be about to sleep
#endif
        number_.store(number, std::memory_order_release);
    }

    std::atomic<std::uint32_t> number_{0};
#if CTGAN_OWN_WAIT
    std::mutex mutex_;
    std::condition_variable changed_;
#endif
};

} // namespace ctgan::inline CTGAN_ABI::cpu
