#pragma once

#include "../train/options.hpp"

namespace train {

/// Returns 0, or the signal by which the run was asked to stop.
int run_on_cuda(const Options& options);

} // namespace train
