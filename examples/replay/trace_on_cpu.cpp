#include "on_cpu.hpp"

namespace replay {

TraceResult replay_trace_on_cpu(const ctgan::io::SafetensorsFile& file, bool in_double, const Steps& report) {
    return in_double ? replay_trace<double>(file, report) : replay_trace<float>(file, report);
}

} // namespace replay
