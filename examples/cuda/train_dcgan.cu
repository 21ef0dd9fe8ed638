#include "fmt_for_nvcc.hpp"
// After fmt_for_nvcc.hpp.
#include "../train/trainer.hpp"
#include "train_dcgan.hpp"

namespace train {

int run_on_cuda(const Options& options) {
    ctgan::gpu::record_steps(options.graph);
    ctgan::gpu::allow_tf32(options.tf32);
    return run<ctgan::Cuda>(options, ctgan::gpu::device_name());
}

} // namespace train
