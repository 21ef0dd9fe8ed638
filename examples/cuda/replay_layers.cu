#include "replay_layers.hpp"

namespace replay {

std::vector<CaseDistances> replay_layers_on_cuda(const ctgan::io::SafetensorsFile& file, bool in_double) {
    return in_double ? replay_layers<double, ctgan::Cuda>(file, cases)
                     : replay_layers<float, ctgan::Cuda>(file, cases);
}

} // namespace replay
