#include "on_cpu.hpp"

namespace replay {

std::vector<CaseDistances> replay_layers_in_float(const ctgan::io::SafetensorsFile& file) {
    return replay_layers<float>(file, cases);
}

} // namespace replay
