#pragma once

#include "../train/options.hpp"

namespace train {

/// Trains on CUDA. Returns 0, or the number of the signal that stopped the run.
int run_on_cuda(const Options& options);

} // namespace train
