#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <unistd.h>

/// A run is asked to stop by SIGINT (Ctrl-C), SIGTERM or SIGHUP (the terminal is gone): it finishes the step,
/// saves and ends. A second signal ends it at once; what is on the disk is whole all the same.
namespace train {

namespace detail {

inline std::atomic<int> stop_signal{0};
inline std::atomic<std::int64_t> stop_time{0}; ///< in nanoseconds
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

extern "C" inline void note_stop(int signal) {
    timespec clock{};
    clock_gettime(CLOCK_MONOTONIC, &clock);
    const std::int64_t now = std::int64_t{clock.tv_sec} * 1000000000 + clock.tv_nsec;
    if (int none = 0; stop_signal.compare_exchange_strong(none, signal)) {
        stop_time = now;
        return;
    }
    // timeout(1) and other wrappers send the same request twice, to the process and to its group.
    constexpr std::int64_t the_same_request = 200000000;
    if (const std::int64_t first = stop_time; first != 0 && now - first > the_same_request)
        _exit(128 + signal);
}

} // namespace detail

/// The signal that asked for it, or 0.
inline int stop_requested() { return detail::stop_signal; }

/// From here on such signals are noted.
inline void note_stop_signals() {
    struct sigaction note {};
    note.sa_handler = detail::note_stop;
    note.sa_flags = SA_RESTART;
    sigemptyset(&note.sa_mask);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before {};
        sigaction(signal, nullptr, &before);
        // nohup means what it says. (A shell has its background jobs ignore SIGINT, too, but who sends that
        // by name means it.)
        if (signal == SIGHUP && before.sa_handler == SIG_IGN) continue;
        sigaction(signal, &note, nullptr);
    }
}

} // namespace train
