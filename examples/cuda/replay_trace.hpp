#pragma once

#include "../replay/trace.hpp"

namespace replay {

TraceResult replay_trace_on_cuda(const ctgan::io::SafetensorsFile& file, bool in_double, const Steps& report);

} // namespace replay
