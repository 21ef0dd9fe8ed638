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

inline std::recursive_mutex& mutex() {
    static std::recursive_mutex the_mutex;
    return the_mutex;
}

/// Whether each launch waits until its kernel has finished, so that an error is reported by the launch that
/// caused it.
inline std::atomic<bool>& waits_for_each_launch() {
    static std::atomic<bool> waits = false;
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

namespace detail {

/// -1 before the first use of the backend.
inline std::atomic<int>& device_in_use() {
    static std::atomic<int> device = -1;
    return device;
}

struct DeviceStream {
    int device = 0;
    cudaStream_t stream = nullptr;
    DeviceStream() {
        check(cudaGetDevice(&device), "asking for the current device");
        check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "making a stream");
        device_in_use() = device;
    }
};
inline const DeviceStream& device_stream() {
    static const DeviceStream the_only_one;
    return the_only_one;
}

/// Makes a device the thread's current one, and afterward the one that the caller had chosen.
class Selected {
  public:
    explicit Selected(int device) {
        check(cudaGetDevice(&callers_), "asking for the current device");
        if (callers_ == device) return;
        check(cudaSetDevice(device), "selecting the backend's device");
        changed_ = true;
    }
    ~Selected() {
        if (changed_) cudaSetDevice(callers_);
    }
    Selected(const Selected&) = delete;
    Selected& operator=(const Selected&) = delete;

  private:
    int callers_ = 0;
    bool changed_ = false;
};

} // namespace detail

/// The device of the backend: the one that was current at its first use; before that, the current one.
inline int device() {
    int number = detail::device_in_use();
    if (number < 0) check(cudaGetDevice(&number), "asking for the current device");
    return number;
}

/// The name of the backend's device, or why there is none.
inline std::string device_name() {
    int number = detail::device_in_use();
    cudaDeviceProp properties;
    cudaError_t status = number < 0 ? cudaGetDevice(&number) : cudaSuccess;
    if (status == cudaSuccess) status = cudaGetDeviceProperties(&properties, number);
    return status == cudaSuccess ? properties.name : std::string("none: ") + cudaGetErrorString(status);
}

/// The backend's only stream: work runs in the order in which it is put there. The stream is created at its
/// first use, on the device that is current then, and stays on that device. The backend selects this device
/// where it needs to, and restores the caller's.
inline cudaStream_t stream() { return detail::device_stream().stream; }

namespace detail {

/// A thread holds this while it puts work on the stream, allocates memory, or waits. The backend's device is
/// then the thread's current one. No other thread uses the stream at the same time: while a step is recorded,
/// its work would become part of the recording.
class Access {
    std::scoped_lock<std::recursive_mutex> lock_{mutex()};
    Selected selected_{device_stream().device};
};

} // namespace detail

/// Waits for all work on the stream. Throws Error if some of it failed; the error does not tell which kernel.
inline void synchronize() {
    const detail::Access access;
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

namespace detail {

class Access {
    std::scoped_lock<std::recursive_mutex> lock_{mutex()};
};

} // namespace detail

inline bool available() { return true; }
inline int device() { return 0; }
inline std::string device_name() { return "the host's threads, through Thrust"; }
inline void synchronize() { ++work().waits; }
template <class Launched>
void launched() {
    ++work().launches;
}

#endif

} // namespace ctgan::inline CTGAN_ABI::gpu
