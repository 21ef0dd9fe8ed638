#pragma once

#include "options.hpp"

namespace train {

/// Trains on the CPU, alone or as one of MPI's ranks. Returns 0, or the number of the signal that stopped the
/// run.
int run_on_cpu(const Options& options);

} // namespace train
