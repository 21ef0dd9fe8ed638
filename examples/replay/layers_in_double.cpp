#include "on_cpu.hpp"

namespace replay {

std::vector<CaseDistances> replay_layers_in_double(const ctgan::io::SafetensorsFile& file) {
    return replay_layers<double>(file, cases);
}

} // namespace replay
