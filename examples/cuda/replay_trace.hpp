#pragma once

#include "../replay/trace.hpp"

namespace replay {

/// replay_trace() on CUDA, in double or in float. Only in programs built with CUDA.
TraceResult replay_trace_on_cuda(const ctgan::io::SafetensorsFile& file, bool in_double, const Steps& report);

} // namespace replay
