#include <ctgan/dcgan.hpp>

#include "device.hpp"
#include <cuda_runtime_api.h>

namespace program {

std::string why_no_cuda() {
    if (ctgan::gpu::available()) return "";
    int devices = 0;
    const cudaError_t status = cudaGetDeviceCount(&devices);
    return status == cudaSuccess ? "there is no CUDA device" : cudaGetErrorString(status);
}

} // namespace program
