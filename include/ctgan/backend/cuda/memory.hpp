#pragma once

#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

// The second half of each function is for Thrust on the host's threads, where device memory is the host's.

/// Allocates device memory, all zero. Throws std::bad_alloc if there is not enough.
inline void* allocate(std::size_t bytes) {
    const Access access;
    ++work().allocations;
#if CTGAN_ON_GPU
    void* data = nullptr;
    const cudaError_t status = cudaMalloc(&data, bytes);
    if (status == cudaErrorMemoryAllocation) {
        cudaGetLastError(); // clears the error, which is reported here
        throw std::bad_alloc();
    }
    check(status, "cudaMalloc");
    check(cudaMemsetAsync(data, 0, bytes, stream()), "clearing memory");
    return data;
#else
    void* const data = std::calloc(bytes, 1);
    if (!data) throw std::bad_alloc();
    return data;
#endif
}

/// Ignores errors: an earlier call has reported them already, and a destructor must not throw.
inline void release(void* data) noexcept {
#if CTGAN_ON_GPU
    if (!data) return;
    try {
        const Access access;
        cudaFree(data);
    } catch (
        const std::exception&) { // the device cannot be selected anymore, for example when the process ends
    }
#else
    std::free(data);
#endif
}

/// Copies between the device's memory and the host's, and waits. CUDA infers the direction from the
/// addresses.
inline void copy_and_wait(void* to, const void* from, std::size_t bytes) {
    const Access access;
#if CTGAN_ON_GPU
    check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream()), "a copy to or from the host");
    synchronize();
#else
    std::memmove(to, from, bytes);
    synchronize();
#endif
}

inline void copy_on_device(void* to, const void* from, std::size_t bytes) {
    const Access access;
#if CTGAN_ON_GPU
    check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream()), "a copy on the device");
#else
    std::memmove(to, from, bytes);
#endif
}

} // namespace detail

/// An owned block of device memory, zero at first. It is never managed memory: the host reads and writes it
/// through to_host and from_host only.
template <class T>
class Memory {
    static_assert(std::is_trivially_copyable_v<T>); // it is copied as bytes

  public:
    /// An empty block.
    Memory() = default;
    /// `size` zeros. Throws std::invalid_argument if `size` is negative, std::bad_alloc if there is not
    /// enough memory.
    explicit Memory(Index size) : size_(size) {
        if (size < 0) throw std::invalid_argument("memory: found a size below 0");
        if (size > (std::numeric_limits<Index>::max)() / Index{sizeof(T)}) throw std::bad_alloc();
        if (size > 0) data_ = static_cast<T*>(detail::allocate(bytes()));
    }
    /// A block of its own with the same values.
    Memory(const Memory& other) : Memory(other.size_) {
        if (size_ > 0) detail::copy_on_device(data_, other.data_, bytes());
    }
    /// Takes over the other's block, whose address stays the same.
    Memory(Memory&& other) noexcept { swap(other); }
    Memory& operator=(Memory other) noexcept {
        swap(other);
        return *this;
    }
    ~Memory() { detail::release(data_); }

    /// The first value, in device memory; null if the block is empty.
    T* data() { return data_; }
    /// The same, read-only.
    const T* data() const { return data_; }
    /// The number of values.
    Index size() const { return size_; }

  private:
    std::size_t bytes() const { return static_cast<std::size_t>(size_) * sizeof(T); }
    void swap(Memory& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }
    T* data_ = nullptr;
    Index size_ = 0;
};

/// Copies within the device's memory, and between it and the host's.
struct MemoryOperations {
    /// A block of values in this backend's memory.
    template <class T>
    using Memory = gpu::Memory<T>;

    /// to = from, n values, both in the device's memory. The two are the same or do not overlap.
    template <class T>
    static void copy(T* to, const T* from, Index n) {
        if (from != to && n > 0) detail::copy_on_device(to, from, static_cast<std::size_t>(n) * sizeof(T));
    }
    /// From the device's memory to the host's; waits.
    template <class T>
    static void to_host(T* to, const T* from, Index n) {
        if (n > 0) detail::copy_and_wait(to, from, static_cast<std::size_t>(n) * sizeof(T));
    }
    /// From the host's memory to the device's; waits.
    template <class T>
    static void from_host(T* to, const T* from, Index n) {
        if (n > 0) detail::copy_and_wait(to, from, static_cast<std::size_t>(n) * sizeof(T));
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
