#pragma once

#include "cases.hpp"
#include "trace.hpp"
#include <vector>

/// What the replay programs compute on the CPU, in files of its own: the programs' main files, which are
/// compiled with and without CUDA, only call it.
namespace replay {

std::vector<CaseDistances> replay_layers_in_float(const ctgan::io::SafetensorsFile& file);
std::vector<CaseDistances> replay_layers_in_double(const ctgan::io::SafetensorsFile& file);
/// replay_trace() in double or in float.
TraceResult replay_trace_on_cpu(const ctgan::io::SafetensorsFile& file, bool in_double, const Steps& report);

} // namespace replay
