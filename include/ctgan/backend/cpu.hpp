#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/batch_norm.hpp>
#include <ctgan/backend/cpu/convolution_verbs.hpp>
#include <ctgan/backend/cpu/elementwise.hpp>
#include <ctgan/backend/cpu/linear.hpp>
#include <ctgan/backend/cpu/memory.hpp>
#include <ctgan/backend/cpu/random.hpp>
#include <ctgan/backend/cpu/rows.hpp>
#include <ctgan/tensor.hpp>

namespace ctgan {

/// The CPU's room: Eigen's packets for the registers, a team of threads for the cores. Results do not depend
/// on the number of threads, bit for bit; see cpu/parallel.hpp for how.
struct Cpu : cpu::MemoryVerbs,
             cpu::RandomVerbs,
             cpu::ElementwiseVerbs,
             cpu::RowVerbs,
             cpu::LinearVerbs,
             cpu::ConvolutionVerbs,
             cpu::BatchNormVerbs {
    /// All patterns of neighbouring layers are used.
    static constexpr Patterns patterns{};
};

static_assert(Backend<Cpu>);

/// A batch on the CPU.
template <class Shape, class T = float>
using Batch = BatchOn<Shape, Cpu, T>;

} // namespace ctgan
