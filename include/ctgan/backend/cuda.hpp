#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/cuda/batch_norm.hpp>
#include <ctgan/backend/cuda/convolution.hpp>
#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/backend/cuda/elementwise.hpp>
#include <ctgan/backend/cuda/embedding.hpp>
#include <ctgan/backend/cuda/group_norm.hpp>
#include <ctgan/backend/cuda/linear.hpp>
#include <ctgan/backend/cuda/memory.hpp>
#include <ctgan/backend/cuda/pixels.hpp>
#include <ctgan/backend/cuda/random.hpp>
#include <ctgan/backend/cuda/rows.hpp>
#include <ctgan/backend/cuda/spectral_norm.hpp>
#include <ctgan/backend/labels.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI {

/// The CUDA backend: Thrust for elementwise operations, sums over rows and random numbers; a tiled kernel of
/// its own for matrix products and convolutions. All operations run on one stream, and only to_host and
/// from_host wait. Results have the same bits from run to run: how a sum is divided depends on shapes and
/// batch alone, and there are no atomic additions.
struct Cuda : WholeBatches,
              gpu::MemoryOperations,
              gpu::RandomOperations,
              gpu::ElementwiseOperations,
              gpu::RowOperations,
              gpu::PixelOperations,
              gpu::LinearOperations,
              gpu::EmbeddingOperations,
              gpu::ConvolutionOperations,
              gpu::BatchNormOperations,
              gpu::GroupNormOperations,
              gpu::SpectralNormOperations {
    using memory_space = Cuda; ///< as in Cpu
    /// All patterns of adjacent layers are used.
    static constexpr Patterns patterns{};

    /// body().
    template <class Body>
    static auto in_region(const Body& body) {
        return body();
    }
};

static_assert(Backend<Cuda>);

} // namespace ctgan::inline CTGAN_ABI
