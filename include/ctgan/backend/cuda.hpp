#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/cuda/batch_norm.hpp>
#include <ctgan/backend/cuda/convolution.hpp>
#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/backend/cuda/elementwise.hpp>
#include <ctgan/backend/cuda/linear.hpp>
#include <ctgan/backend/cuda/memory.hpp>
#include <ctgan/backend/cuda/random.hpp>
#include <ctgan/backend/cuda/rows.hpp>

namespace ctgan {

/// The GPU's room: Thrust for all that goes over numbers, rows and random numbers, tiles of our own for
/// products and convolutions. All of it is put on one stream; only to_host and from_host wait. Results have
/// the same bits from run to run: where a sum is cut depends on shapes and batch alone, and nothing is added
/// atomically.
struct Cuda : cuda::MemoryOperations,
              cuda::RandomOperations,
              cuda::ElementwiseOperations,
              cuda::RowOperations,
              cuda::LinearOperations,
              cuda::ConvolutionOperations,
              cuda::BatchNormOperations {
    /// All patterns of neighbouring layers are used.
    static constexpr Patterns patterns{};
};

static_assert(Backend<Cuda>);

} // namespace ctgan
