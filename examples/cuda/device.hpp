#pragma once

#include <string>

namespace program {

/// The reason why CUDA cannot be used, or an empty string if there is a device. Only in programs built with
/// CUDA.
std::string why_no_cuda();

} // namespace program
