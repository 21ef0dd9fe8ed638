#pragma once

#include <ctgan/core/config.hpp>

#include <algorithm>
#include <chrono>

namespace ctgan::inline CTGAN_ABI::cpu {

/// How many threads of a team are worth having, if all of them must arrive at the end of its work.
///
/// If another program holds a core, the thread there arrives some milliseconds late, when the system lets it
/// run again; the other threads have then done its work long ago. So after late arrivals at short intervals
/// the team does without one thread for a while, and the system moves the others to the cores that are free.
/// At long intervals, as in steps of many milliseconds, the thread is worth more than it costs.
class LateThreads {
  public:
    using Clock = std::chrono::steady_clock;

    /// Waiting longer than that is late. A thread that runs arrives within microseconds.
    static constexpr std::chrono::microseconds late{500};
    /// Two late arrivals within that time are one too many.
    static constexpr std::chrono::milliseconds interval{20};
    /// How long the team does without a thread before it tries again: the shorter time at first, up to the
    /// longer one if the thread is late again and again. OpenMP's threads spin for up to 14 ms before they
    /// give the core back, so the shorter time is some times that.
    static constexpr std::chrono::milliseconds shortest_pause{80}, longest_pause{640};

    /// How many threads to take of those wanted, at least one.
    int worth(int wanted, Clock::time_point now) {
        if (without_ > 0 && now - since_ >= pause_) {
            --without_;
            since_ = now;
        }
        return (std::max)(1, wanted - without_);
    }

    /// Says how long the last of a team of so many threads let the others wait.
    void arrived(int threads, int wanted, Clock::duration wait, Clock::time_point now) {
        if (wait <= late) {
            if (threads == wanted) next_pause_ = (std::max)(shortest_pause, next_pause_ / 2);
            return;
        }
        const bool too_often = now - last_late_ < interval || next_pause_ > shortest_pause;
        last_late_ = now;
        if (!too_often) return;
        without_ = (std::min)(wanted - 1, wanted - threads + 1);
        since_ = now;
        pause_ = next_pause_;
        next_pause_ = (std::min)(longest_pause, next_pause_ * 2);
    }

  private:
    int without_ = 0; ///< how many threads the team does without
    Clock::time_point since_{}, last_late_ = Clock::time_point{} - interval;
    std::chrono::milliseconds pause_{}, next_pause_{shortest_pause};
};

} // namespace ctgan::inline CTGAN_ABI::cpu
