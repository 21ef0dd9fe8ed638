#include "replay_trace.hpp"

namespace replay {

TraceResult replay_trace_on_cuda(const ctgan::io::SafetensorsFile& file, bool in_double,
                                 const Steps& report) {
    return in_double ? replay_trace<double, ctgan::Cuda>(file, report)
                     : replay_trace<float, ctgan::Cuda>(file, report);
}

} // namespace replay
