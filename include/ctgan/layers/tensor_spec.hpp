#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/core/shape.hpp>

#include <array>
#include <cstddef>

namespace ctgan {

/// What a tensor of a layer is for, which decides how it is initialized (network/init.hpp).
enum class Role { weight, bias, norm_weight, norm_bias, running_mean, running_variance };

/// The order of a tensor's values in memory. Weights are stored so that the values which a kernel reads
/// together are adjacent.
enum class Layout {
    pytorch,   ///< as in a contiguous PyTorch tensor
    blocked,   ///< a Linear weight [out][in] as [block of outputs][in][output of the block]
    taps_first ///< a convolution's weight [0][1][row][column] as [row][column][0][1]: one matrix for each tap
};

/// A parameter or buffer as PyTorch's state_dict() shows it.
struct TensorSpec {
    const char* name;                ///< within its layer: "weight", "running_var"
    Role role;                       ///< decides its initialization
    int fan_in;                      ///< as torch.nn.init computes it; 0 if no initialization needs it
    int rank;                        ///< the number of dimensions, at most 4
    int dims[4];                     ///< that many sizes, in PyTorch's order
    Layout layout = Layout::pytorch; ///< in memory

    /// The number of values.
    constexpr Index size() const {
        Index n = 1;
        for (int i = 0; i < rank; ++i) n *= dims[i];
        return n;
    }

    /// The index in memory of value i of PyTorch's order.
    constexpr Index memory_index(Index i) const {
        switch (layout) {
        case Layout::pytorch:
            return i;
        case Layout::blocked: {
            const Index inputs = dims[1], out = i / inputs, begin = out / output_block * output_block;
            const Index width = begin + output_block <= dims[0] ? output_block : dims[0] - begin;
            return begin * inputs + i % inputs * width + out % output_block;
        }
        case Layout::taps_first:
            break;
        }
        const Index taps = Index{dims[2]} * dims[3];
        return i % taps * (size() / taps) + i / taps;
    }
};

/// Copies a tensor on the host from PyTorch's order, the order of files, to the order in memory.
template <class T>
void from_pytorch_order(T* to, const T* from, const TensorSpec& tensor) {
    for (Index i = 0; i < tensor.size(); ++i) to[tensor.memory_index(i)] = from[i];
}
/// Copies a tensor on the host from the order in memory to PyTorch's.
template <class T>
void to_pytorch_order(T* to, const T* from, const TensorSpec& tensor) {
    for (Index i = 0; i < tensor.size(); ++i) to[i] = from[tensor.memory_index(i)];
}

/// Where tensor k of a layer begins within the layer's part of an arena.
template <std::size_t N>
constexpr Index tensor_offset(const std::array<TensorSpec, N>& tensors, std::size_t k) {
    Index offset = 0;
    for (std::size_t i = 0; i < k; ++i) offset += aligned(tensors[i].size());
    return offset;
}

} // namespace ctgan
