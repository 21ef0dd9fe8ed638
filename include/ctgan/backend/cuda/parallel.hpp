#pragma once

#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/backend/cuda/memory.hpp>
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

namespace ctgan::cuda {

/// Calls body(0) ... body(chunks - 1), each once and in any order, on the device, after all that was put on
/// the stream before. `body` is copied there: a struct of plain numbers and of pointers to the room's memory
/// whose operator() is CTGAN_HD.
///
/// This is Thrust's place in the room, and but for the tiles of tiled_product.hpp its only parallel loop. No
/// temporary memory, no wait: a graph can record it.
template <class Body>
void parallel_for(Index chunks, const Body& body) {
    if (chunks <= 0) return;
    const detail::Lock lock(detail::mutex());
    const thrust::counting_iterator<Index> first(0);
#if CTGAN_ON_GPU
    try {
        thrust::for_each_n(thrust::cuda::par_nosync.on(stream()), first, chunks, body);
    } catch (const thrust::system_error& error) { // which does not say what was launched
        throw Error(std::string("cuda: found ") + error.what() +
                    ", expected success: " + std::string(messages::full_name_of<Body>()));
    }
#else
    thrust::for_each_n(thrust::device, first, chunks, body);
#endif
    launched<Body>();
}

/// i / N and i % N, of which a device's 64-bit forms are slow and mostly not needed.
template <int N>
struct DivMod {
    Index quotient;
    int remainder;

    CTGAN_HD explicit DivMod(Index i) {
        if (i <= Index{0x7FFFFFFF}) {
            const std::uint32_t small = static_cast<std::uint32_t>(i);
            quotient = static_cast<Index>(small / N);
            remainder = static_cast<int>(small % N);
        } else {
            quotient = i / N;
            remainder = static_cast<int>(i % N);
        }
    }
};

/// Working memory of the verbs that take two passes: partial results, of which the second pass makes whole
/// ones. There is one block of it, made at its first use; whoever holds a Scratch alone puts work on the
/// stream that uses it, so two threads of the host do not mix their passes.
class Scratch {
  public:
    static constexpr Index bytes = Index{32} << 20;

    template <class T>
    static constexpr Index room_for = bytes / Index{sizeof(T)};

    template <class T>
    T* data() {
        return static_cast<T*>(static_cast<void*>(block().data()));
    }

  private:
    static Memory<char>& block() {
        static Memory<char> the_block(bytes);
        return the_block;
    }
    detail::Lock lock_{detail::mutex()};
};

} // namespace ctgan::cuda
