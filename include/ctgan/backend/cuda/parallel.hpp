#pragma once

#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/backend/cuda/memory.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#if CTGAN_ON_GPU
#    include <thrust/system/cuda/execution_policy.h>
#    include <thrust/system_error.h>
#else
#    include <thrust/execution_policy.h>
#endif

#include <cstdint>
#include <string>

namespace ctgan::inline CTGAN_ABI::gpu {

/// Calls body(0) ... body(chunks - 1) on the device, each once and in any order, after all earlier work on
/// the stream. `body` is copied to the device: it is a struct of plain values and of pointers to the
/// backend's memory, and its operator() is CTGAN_HD.
///
/// This is the only use of Thrust and, apart from the kernel in launch_tiles.hpp, the only parallel loop of
/// the backend. It allocates no temporary memory and does not wait, so a CUDA graph can record it.
template <class Body>
void parallel_for(Index chunks, const Body& body) {
    if (chunks <= 0) return;
    const detail::Access access;
    const thrust::counting_iterator<Index> first(0);
#if CTGAN_ON_GPU
    try {
        thrust::for_each_n(thrust::cuda::par_nosync.on(stream()), first, chunks, body);
    } catch (const thrust::system_error& error) { // its text does not name the kernel
        throw Error(std::string("cuda: found ") + error.what() +
                    ", expected success: " + std::string(messages::full_name_of<Body>()));
    }
#else
    thrust::for_each_n(thrust::device, first, chunks, body);
#endif
    launched<Body>();
}

/// i / N and i % N. 64-bit division is slow on a GPU, so it is used only for indices that do not fit into 31
/// bits.
template <int N>
struct DivMod {
    Index quotient;
    int remainder;

    CTGAN_HD explicit DivMod(Index i) {
        if (i <= Index{0x7FFFFFFF}) {
            const std::uint32_t low = static_cast<std::uint32_t>(i);
            quotient = static_cast<Index>(low / N);
            remainder = static_cast<int>(low % N);
        } else {
            quotient = i / N;
            remainder = static_cast<int>(i % N);
        }
    }
};

/// Working memory for operations of two stages: the first stores partial results there, the second combines
/// them. There is one block for the process, allocated at its first use. A Scratch locks the block: no other
/// host thread can put work on the stream that uses it, so the stages of two threads do not mix.
class Scratch {
  public:
    static constexpr Index bytes = Index{32} << 20;

    /// How many values of type T fit into the block.
    template <class T>
    static constexpr Index capacity_for = bytes / Index{sizeof(T)};

    template <class T>
    T* data() {
        return static_cast<T*>(static_cast<void*>(block().data()));
    }

  private:
    static Memory<char>& block() {
        static Memory<char> the_block(bytes);
        return the_block;
    }
    detail::Access access_;
};

} // namespace ctgan::inline CTGAN_ABI::gpu
