#include "replay_layers.hpp"

#ifdef CTGAN_REPLAY_IN_FLOAT_ONLY
#    include <stdexcept>
#endif

namespace replay {

// Sixty cases take minutes to compile for each of the two.
std::vector<CaseDistances> replay_layers_on_cuda(const ctgan::io::SafetensorsFile& file, bool in_double) {
#ifdef CTGAN_REPLAY_IN_FLOAT_ONLY
    if (in_double)
        throw std::runtime_error("--scalar: found double, which this program was built without on CUDA");
#else
    if (in_double) return replay_layers<double, ctgan::Cuda>(file, cases);
#endif
    return replay_layers<float, ctgan::Cuda>(file, cases);
}

} // namespace replay
