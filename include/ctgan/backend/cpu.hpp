#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/batch.hpp>
#include <ctgan/backend/cpu/batch_norm.hpp>
#include <ctgan/backend/cpu/convolution.hpp>
#include <ctgan/backend/cpu/elementwise.hpp>
#include <ctgan/backend/cpu/embedding.hpp>
#include <ctgan/backend/cpu/group_norm.hpp>
#include <ctgan/backend/cpu/linear.hpp>
#include <ctgan/backend/cpu/memory.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/pixels.hpp>
#include <ctgan/backend/cpu/random.hpp>
#include <ctgan/backend/cpu/rows.hpp>
#include <ctgan/backend/cpu/spectral_norm.hpp>
#include <ctgan/backend/labels.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI {

/// The CPU backend: vector registers (cpu/packets.hpp), threads for the cores. Results do not depend on the
/// number of threads, bit for bit; cpu/parallel.hpp says how.
struct Cpu : WholeBatches,
             cpu::MemoryOperations,
             cpu::RandomOperations,
             cpu::ElementwiseOperations,
             cpu::RowOperations,
             cpu::PixelOperations,
             cpu::LinearOperations,
             cpu::EmbeddingOperations,
             cpu::ConvolutionOperations,
             cpu::BatchNormOperations,
             cpu::GroupNormOperations,
             cpu::SpectralNormOperations {
    using PartialSums = cpu::PartialSums; ///< an order in which linear_update adds up its samples
    using memory_space = Cpu; ///< a backend that is derived from this one and has a Memory of its own says so
    /// All patterns of adjacent layers are used.
    static constexpr Patterns patterns{};

    /// body(), a whole step or pass, which may use the same threads throughout (cpu/openmp_threads.hpp).
    /// Returns what it returns.
    template <class Body>
    static auto in_region(const Body& body) {
        return cpu::Threads::region(body);
    }
};

static_assert(Backend<Cpu>);

/// A batch on the CPU.
template <class Shape, class T = typename Shape::template value<float>>
using Batch = BatchOn<Shape, Cpu, T>;

} // namespace ctgan::inline CTGAN_ABI
