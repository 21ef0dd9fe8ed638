#pragma once

#include "../replay/layers.hpp"

namespace replay {

std::vector<CaseDistances> replay_layers_on_cuda(const ctgan::io::SafetensorsFile& file, bool in_double);

} // namespace replay
