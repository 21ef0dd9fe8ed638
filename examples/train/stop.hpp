#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <unistd.h>

/// On SIGINT (Ctrl-C), SIGTERM or SIGHUP (the terminal was closed) a run finishes its step, saves and ends. A
/// second signal ends it at once; the files on the disk are whole even then.
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
    // timeout(1) and other wrappers send one request twice, to the process and to its group.
    constexpr std::int64_t the_same_request = 200000000;
    if (const std::int64_t first = stop_time; first != 0 && now - first > the_same_request)
        _exit(128 + signal);
}

} // namespace detail

/// The first signal that requested a stop, or 0.
inline int stop_requested() { return detail::stop_signal; }

/// Installs the signal handlers.
inline void note_stop_signals() {
    struct sigaction note {};
    note.sa_handler = detail::note_stop;
    note.sa_flags = SA_RESTART;
    sigemptyset(&note.sa_mask);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before {};
        sigaction(signal, nullptr, &before);
        // Respect nohup. SIGINT is caught even if it was ignored: a shell makes its background jobs ignore
        // it, but a SIGINT that someone sends to such a job is meant.
        if (signal == SIGHUP && before.sa_handler == SIG_IGN) continue;
        sigaction(signal, &note, nullptr);
    }
}

} // namespace train
