#include <ctgan/ctgan.hpp>

#include "device.hpp"
#include <cuda_runtime.h>

namespace program {

std::string why_no_cuda() {
    if (ctgan::cuda::available()) return "";
    int devices = 0;
    const cudaError_t error = cudaGetDeviceCount(&devices);
    if (error != cudaSuccess) return cudaGetErrorString(error);
    return devices == 0 ? "there is no CUDA device" : "the CUDA device does not run this program's kernels";
}

} // namespace program
