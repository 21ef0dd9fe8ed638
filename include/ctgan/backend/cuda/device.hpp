#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/mismatch.hpp>

#if !CTGAN_HAS_CUDA
#    error "ctgan: the CUDA room needs nvcc, or -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP -fopenmp"
#endif

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thrust/detail/config.h>

/// 1 where Thrust's devices are GPUs, 0 where they are the host's threads, which a test can do without a GPU.
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#    define CTGAN_ON_GPU 1
#    include <cuda_runtime_api.h>
#else
#    define CTGAN_ON_GPU 0
#endif

namespace ctgan::cuda {

/// What a CUDA call complained of. None is tried again: most of them leave the device unusable for the rest
/// of the process.
class Error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What the room has done so far. A training step is to be launches alone: it neither waits nor takes memory.
struct Work {
    std::atomic<long> launches{0}, waits{0}, allocations{0};
};
/// The process's counts.
inline Work& work() {
    static Work counts;
    return counts;
}

namespace detail {

/// Whoever puts something on the stream, or waits for it, holds this. So a thread of the host may use the
/// room while another records a step: what it asks for does not get into the recording.
inline std::recursive_mutex& mutex() {
    static std::recursive_mutex the_mutex;
    return the_mutex;
}
using Lock = std::scoped_lock<std::recursive_mutex>;

/// Whether each launch waits for its end, so that an error is met where it was made.
inline bool& waits_for_each_launch() {
    static bool waits = false;
    return waits;
}

} // namespace detail

#if CTGAN_ON_GPU

/// Throws Error where the call failed, with what it was for.
inline void check(cudaError_t status, const char* what) {
    if (status != cudaSuccess)
        throw Error(std::string("cuda: found ") + cudaGetErrorString(status) + " (" +
                    cudaGetErrorName(status) + "), expected success: " + what);
}

/// Whether a device answers.
inline bool available() {
    int count = 0;
    const bool answers = cudaGetDeviceCount(&count) == cudaSuccess && count > 0;
    cudaGetLastError(); // or the next launch would be blamed
    return answers;
}

/// Its name, or why there is none.
inline std::string device_name() {
    int device = 0;
    cudaDeviceProp properties;
    cudaError_t status = cudaGetDevice(&device);
    if (status == cudaSuccess) status = cudaGetDeviceProperties(&properties, device);
    return status == cudaSuccess ? properties.name : std::string("none: ") + cudaGetErrorString(status);
}

/// The one stream of the room: what is put there runs in that order. It is made at its first use, on the
/// device that is current then, and stays there.
inline cudaStream_t stream() {
    static const cudaStream_t the_stream = [] {
        cudaStream_t made;
        check(cudaStreamCreateWithFlags(&made, cudaStreamNonBlocking), "making a stream");
        return made;
    }();
    return the_stream;
}

/// Waits for all that was put on the stream. An error that is met here may be that of any kernel before.
inline void synchronize() {
    const detail::Lock lock(detail::mutex());
    ++work().waits;
    check(cudaStreamSynchronize(stream()),
          "waiting for the device (cuda::record_steps(false) tells which kernel)");
}

/// To be called behind each launch; `Launched` is named where it failed.
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

} // namespace ctgan::cuda
