#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/mismatch.hpp>

#if !CTGAN_HAS_CUDA
#    error "ctgan: the CUDA backend needs nvcc, or -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP -fopenmp"
#endif

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thrust/detail/config.h>

/// 1 if Thrust runs on a GPU, 0 if it runs on the host's threads, so that tests need no GPU.
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#    define CTGAN_ON_GPU 1
#    include <cuda_runtime_api.h>
#else
#    define CTGAN_ON_GPU 0
#endif

namespace ctgan::inline CTGAN_ABI::gpu {

/// Thrown if a CUDA call fails. No call is retried: most errors leave the device unusable for the remainder
/// of the process.
class Error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Counts what the backend has done so far. A training step should only launch kernels: it should neither
/// wait nor allocate memory.
struct Work {
    std::atomic<long> launches{0}, waits{0}, allocations{0};
};
/// The counts of this process.
inline Work& work() {
    static Work counts;
    return counts;
}

namespace detail {

/// A thread holds this while it puts work on the stream or waits for the stream. So one host thread may use
/// the backend while another records a step: its work does not become part of the recording.
inline std::recursive_mutex& mutex() {
    static std::recursive_mutex the_mutex;
    return the_mutex;
}
using Lock = std::scoped_lock<std::recursive_mutex>;

/// Whether each launch waits until its kernel has finished, so that an error is reported by the launch that
/// caused it.
inline bool& waits_for_each_launch() {
    static bool waits = false;
    return waits;
}

} // namespace detail

#if CTGAN_ON_GPU

/// Throws Error if the call failed. `what` says what the call was for.
inline void check(cudaError_t status, const char* what) {
    if (status != cudaSuccess)
        throw Error(std::string("cuda: found ") + cudaGetErrorString(status) + " (" +
                    cudaGetErrorName(status) + "), expected success: " + what);
}

/// Whether there is a device that CUDA can use.
inline bool available() {
    int count = 0;
    const bool answers = cudaGetDeviceCount(&count) == cudaSuccess && count > 0;
    cudaGetLastError(); // clears the error, which the next launch would otherwise report
    return answers;
}

/// The name of the current device, or why there is none.
inline std::string device_name() {
    int device = 0;
    cudaDeviceProp properties;
    cudaError_t status = cudaGetDevice(&device);
    if (status == cudaSuccess) status = cudaGetDeviceProperties(&properties, device);
    return status == cudaSuccess ? properties.name : std::string("none: ") + cudaGetErrorString(status);
}

/// The backend's only stream: work runs in the order in which it is put there. The stream is created at its
/// first use, on the device that is current then, and stays on that device.
inline cudaStream_t stream() {
    static const cudaStream_t the_stream = [] {
        cudaStream_t made;
        check(cudaStreamCreateWithFlags(&made, cudaStreamNonBlocking), "making a stream");
        return made;
    }();
    return the_stream;
}

/// Waits for all work on the stream. Throws Error if some of it failed; the error does not tell which kernel.
inline void synchronize() {
    const detail::Lock lock(detail::mutex());
    ++work().waits;
    check(cudaStreamSynchronize(stream()),
          "waiting for the device (gpu::record_steps(false) tells which kernel)");
}

/// Call this after each launch. It counts the launch, and throws Error with the name of `Launched` if it
/// failed.
template <class Launched>
void launched() {
    ++work().launches;
    cudaError_t status = cudaGetLastError();
    if (status == cudaSuccess && detail::waits_for_each_launch()) status = cudaStreamSynchronize(stream());
    if (status != cudaSuccess) check(status, std::string(messages::full_name_of<Launched>()).c_str());
}

#else

inline bool available() { return true; }
inline std::string device_name() { return "the host's threads, through Thrust"; }
inline void synchronize() { ++work().waits; }
template <class Launched>
void launched() {
    ++work().launches;
}

#endif

} // namespace ctgan::inline CTGAN_ABI::gpu
