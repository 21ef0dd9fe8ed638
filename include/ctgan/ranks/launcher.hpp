#pragma once

#include <ctgan/core/config.hpp>

#include <cstdlib>
#include <initializer_list>

namespace ctgan::inline CTGAN_ABI::ranks {

/// Whether this process is one of several that mpirun, mpiexec or srun started.
inline bool started_by_mpi() {
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"})
        if (std::getenv(name)) return true; // NOLINT(concurrency-mt-unsafe): read once
    return false;
}

} // namespace ctgan::inline CTGAN_ABI::ranks
