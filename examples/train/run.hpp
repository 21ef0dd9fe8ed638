#pragma once

#include "options.hpp"

/// Training on the CPU, alone or as one of MPI's ranks. Each function trains one kind of networks and returns
/// 0, or the number of the signal that stopped the run.
namespace train {

int run_on_cpu(const Options& options); ///< the published networks
int run_digits(const Options& options); ///< those of the preset digits
int run_pictures32(const Options& options);
int run_pictures64(const Options& options);

} // namespace train
