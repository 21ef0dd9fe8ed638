#pragma once

#include <string>

namespace program {

/// Empty where a CUDA device answers, else what is the matter. In programs built with CUDA only.
std::string why_no_cuda();

} // namespace program
