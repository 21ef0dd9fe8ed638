#pragma once

#include <ctgan/core/config.hpp>

#include <cstdlib>

namespace ctgan::inline CTGAN_ABI::ranks {

/// Whether this process is one of several that mpirun, mpiexec or srun started.
inline bool started_by_mpi() {
    const auto number = [](const char* name) {
        const char* const text = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read once
        return text ? std::atoi(text) : 0;          // NOLINT(cert-err34-c): set by the launcher
    };
    return number("OMPI_COMM_WORLD_SIZE") > 1 || number("PMI_SIZE") > 1 || number("PMIX_RANK") > 0 ||
           (std::getenv("PMIX_RANK") && number("SLURM_NTASKS") > 1); // NOLINT(concurrency-mt-unsafe)
}

} // namespace ctgan::inline CTGAN_ABI::ranks
