#pragma once

#include "../replay/cases.hpp"

namespace replay {

/// replay_layers() on CUDA, in double or in float. Only in programs built with CUDA.
std::vector<CaseDistances> replay_layers_on_cuda(const ctgan::io::SafetensorsFile& file, bool in_double);

} // namespace replay
