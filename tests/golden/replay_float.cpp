#include "trace.hpp"

template replay::TraceResult replay::replay_trace<float, TestBackend>(const ctgan::io::SafetensorsFile&,
                                                                      const replay::Steps&);
