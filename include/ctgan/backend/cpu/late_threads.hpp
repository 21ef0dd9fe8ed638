#pragma once

#include <ctgan/core/config.hpp>

#include <algorithm>
#include <chrono>

namespace ctgan::inline CTGAN_ABI::cpu {

/// How many threads of a team are worth having, if all of them must arrive at the end of its work.
///
/// If another program holds a core, the thread there arrives some milliseconds late, when the system lets it
/// run again; the other threads have then done its work long ago. If they wait for longer than the thread
/// saves, the team does without one thread for a while, and the system moves the others to the cores that are
/// free.
class LateThreads {
  public:
    using Clock = std::chrono::steady_clock;
    using Seconds = std::chrono::duration<double>;

    /// Over how much work of the team, about, the waits count. At first it is as if there had been so much
    /// without any, so that a team of few threads does not lose one by a single wait, such as that for the
    /// system to start them.
    static constexpr Seconds memory{0.05};
    /// Shorter waits never count. A thread that runs arrives within microseconds.
    static constexpr Seconds shortest_wait{0.0005};
    /// How long the team does without a thread before it tries again: the shorter time at first, up to the
    /// longer one if that is of no use again and again. OpenMP's threads spin for up to 14 ms before they
    /// give the core back, so the shorter time is some times that.
    static constexpr std::chrono::milliseconds shortest_pause{80}, longest_pause{640};

    /// How many threads to take of those wanted, at least one.
    int worth(int wanted, Clock::time_point now) {
        if (without_ > 0 && now - since_ >= pause_) {
            --without_;
            since_ = now;
            took_ = waited_ = Seconds{0};
        }
        return (std::max)(1, wanted - without_);
    }

    /// Says how long a team of so many threads took for its work, and for how much of that time it waited for
    /// threads that were late.
    void arrived(int threads, int wanted, Seconds took, Seconds waited, Clock::time_point now) {
        const double kept = memory / (memory + took);
        took_ = kept * took_ + took;
        waited_ = kept * waited_ + waited;
        // One thread fewer takes threads / (threads - 1) times as long without the waits, at most: if a
        // thread was away for longer than the others waited, they have done some of its work already.
        if (waited_ <= shortest_wait || waited_ * threads <= took_) {
            if (threads == wanted && took_ >= memory / 2) next_pause_ = shortest_pause;
            return;
        }
        without_ = (std::min)(wanted - 1, wanted - threads + 1);
        since_ = now;
        pause_ = next_pause_;
        next_pause_ = (std::min)(longest_pause, next_pause_ * 2);
    }

  private:
    int without_ = 0; ///< how many threads the team does without
    Clock::time_point since_{};
    Seconds took_ = memory, waited_{0};
    std::chrono::milliseconds pause_{}, next_pause_{shortest_pause};
};

} // namespace ctgan::inline CTGAN_ABI::cpu
