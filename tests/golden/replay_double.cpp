#include "trace.hpp"

template replay::TraceResult replay::replay_trace<double, TestBackend>(const ctgan::io::SafetensorsFile&,
                                                                       const replay::Steps&);
