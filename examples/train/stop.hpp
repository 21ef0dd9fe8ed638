#pragma once

#include <csignal>
#include <unistd.h>

/// A run is asked to stop by SIGINT (Ctrl-C), SIGTERM or SIGHUP (the terminal is gone): it finishes the step,
/// saves and ends. A second signal ends it at once; what is on the disk is whole all the same.
namespace train {

namespace detail {

inline volatile std::sig_atomic_t stop_signal = 0;

extern "C" inline void note_stop(int signal) {
    if (stop_signal != 0) _exit(128 + signal);
    stop_signal = signal;
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
