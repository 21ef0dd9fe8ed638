#pragma once

#include "run_on_ranks.hpp"
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#ifdef __linux__
#    include <sched.h>
#endif

namespace train {

#ifdef CTGAN_WITH_MPI
namespace detail {

/// The cores that this process may use, as text.
inline std::string own_cores() {
    std::string text;
#    ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        for (int core = 0; core < CPU_SETSIZE; ++core)
            if (CPU_ISSET(core, &set)) text += std::to_string(core) + ' ';
#    endif
    return text;
}

/// As many threads as there are cores for each of the ranks that have the same ones.
inline int threads_of_rank(ctgan::ranks::Mpi& mpi) {
    const std::string own = std::to_string(mpi.first_of_node()) + ": " + own_cores();
    const auto all = ctgan::ranks::texts_of_all(mpi, own);
    const auto sharing = static_cast<int>(std::count(all.begin(), all.end(), own));
    const int usual = ctgan::cpu::threads();
    for (const char* variable : {"OMP_NUM_THREADS", "CTGAN_NUM_THREADS"})
        if (std::getenv(variable)) return usual; // NOLINT(concurrency-mt-unsafe): read once
    return std::max(1, usual / sharing);
}

} // namespace detail
#endif

/// Trains on the CPU, alone or as one of MPI's ranks. Returns 0, or the number of the signal that stopped the
/// run.
///
/// A run whose batches are not cut also uses Sharded, with one shard: the bits and the time are the same, and
/// the training is compiled only once.
template <class Networks>
int train_on_cpu(const Options& options) {
    const auto threads = [] {
        return ctgan::io::counted(static_cast<std::uint64_t>(ctgan::cpu::threads()), "thread");
    };
    if (!ctgan::ranks::started_by_mpi()) {
        if (options.threads > 0) ctgan::cpu::set_threads(options.threads);
        return run_alone<ctgan::Cpu, Networks>(options, threads());
    }
#ifdef CTGAN_WITH_MPI
    const auto set_threads = [&](ctgan::ranks::Mpi& mpi) {
        ctgan::cpu::set_threads(options.threads > 0 ? options.threads : detail::threads_of_rank(mpi));
        return &mpi;
    };
    return run_by_mpi<ctgan::Cpu, Networks>(options, set_threads, threads);
#else
    return run_by_mpi<ctgan::Cpu, Networks>(options);
#endif
}

} // namespace train
