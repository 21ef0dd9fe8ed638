#pragma once

#include <ctgan/backend/cpu/available_cores.hpp>
#include <ctgan/core/config.hpp>

#include <new>

#if defined(__unix__) || defined(__APPLE__)
#    include <pthread.h>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

template <class Threads>
Threads& threads_of_process();

namespace detail {

/// What becomes of the process's threads.
template <class Threads>
struct EndOfThreads {
    explicit EndOfThreads(Threads& of_process) : threads(of_process) {
#if defined(__unix__) || defined(__APPLE__)
        pthread_atfork(nullptr, nullptr, [] { threads_of_process<Threads>().forked(); });
#endif
    }
    EndOfThreads(const EndOfThreads&) = delete;
    EndOfThreads& operator=(const EndOfThreads&) = delete;
    /// Called at the end of the process, or when the shared library that this code is in is unloaded.
    ~EndOfThreads() {
#if !defined(_WIN32) // where threads cannot be joined while a DLL is unloaded
        threads.finish();
#endif
    }

    Threads& threads;
};

} // namespace detail

/// The threads of the process, a ThreadPool or OpenMpThreads: as many as CTGAN_NUM_THREADS says, or else the
/// usual number. They start at their first use.
template <class Threads>
Threads& threads_of_process() {
    // They are never destroyed, because other threads may still compute when a program ends.
    alignas(Threads) static unsigned char memory[sizeof(Threads)];
    static Threads& the_threads = *new (memory) Threads(threads_of_environment(Threads::usual_number()));
    static const detail::EndOfThreads<Threads> end(the_threads);
    return the_threads;
}

} // namespace ctgan::inline CTGAN_ABI::cpu
