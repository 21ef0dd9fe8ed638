#pragma once

#include "../train/options.hpp"

namespace train {

void run_on_cuda(const Options& options);

} // namespace train
