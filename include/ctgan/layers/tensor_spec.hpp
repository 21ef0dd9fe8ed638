#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/core/shape.hpp>

#include <array>
#include <cstddef>

namespace ctgan::inline CTGAN_ABI {

/// What a tensor of a layer is for. This decides its initial values; those below are the default,
/// init::PyTorch (network/init.hpp).
enum class Role {
    weight,       ///< matrix or kernel of a layer: uniform in +-1/sqrt(fan_in)
    bias,         ///< offset of the same layer's output: uniform in +-1/sqrt(fan_in)
    embedding,    ///< a vector for each class: N(0, 1)
    norm_weight,  ///< factor of a normalization's output: 1
    norm_bias,    ///< offset of a normalization's output: 0
    slope,        ///< slope of an activation below 0: 1/4
    running_mean, ///< running mean of a normalization: 0
    /// Running variance of a normalization: 1. Weight files have num_batches_tracked after it,
    /// and loading them refuses negative values.
    running_variance,
    singular_vector ///< u or v of a SpectralNorm, which the layer itself initializes
};

/// The order of a tensor's values in memory. Weights are stored so that values that a kernel reads together
/// are adjacent.
enum class Layout {
    pytorch, ///< as in a contiguous PyTorch tensor
    blocked, ///< a Linear weight [out][in] as [block of outputs][in][output of the block]
    /// A convolution's weight, [first][second][row][column] in PyTorch, as [row][column][first][second]: one
    /// matrix for each tap, that is, for each position of the kernel.
    taps_first,
    /// [channel][row][column] in PyTorch, as [row][column][channel], like images. `dims` has the rows and
    /// columns behind the first entry even if in PyTorch the tensor has one dimension, for all of them.
    channels_last
};

/// A parameter or buffer as PyTorch's state_dict() shows it. For example, the parameters of a layer with a
/// weight of shape [Out, In] and a bias of shape [Out]:
///
///     static constexpr std::array parameters{TensorSpec{"weight", Role::weight, In, 2, {Out, In}},
///                                            TensorSpec{"bias", Role::bias, In, 1, {Out}}};
struct TensorSpec {
    const char* name; ///< within its layer: "weight", "running_var"
    Role role;        ///< what it is for
    /// The number of inputs of one output, as torch.nn.init computes it. Must be at least 1 for Role::weight
    /// and Role::bias: with 0, init::PyTorch gives values that are not finite. Not read for other roles.
    int fan_in;
    int rank;                        ///< the number of dimensions, at most 4
    int dims[4];                     ///< the sizes: the first `rank` entries, in PyTorch's order
    Layout layout = Layout::pytorch; ///< the order of its values in memory

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
        case Layout::channels_last: {
            const Index pixels = Index{dims[1]} * dims[2];
            return i % pixels * (size() / pixels) + i / pixels;
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

/// The parameters of a layer with a weight and, if `Bias`, a bias.
template <bool Bias>
constexpr auto weight_and_bias(const TensorSpec& weight, const TensorSpec& bias) {
    if constexpr (Bias)
        return std::array{weight, bias};
    else
        return std::array{weight};
}

/// Where tensor k of a layer begins within the layer's part of an arena.
template <std::size_t N>
constexpr Index tensor_offset(const std::array<TensorSpec, N>& tensors, std::size_t k) {
    Index offset = 0;
    for (std::size_t i = 0; i < k; ++i) offset += aligned(tensors[i].size());
    return offset;
}

} // namespace ctgan::inline CTGAN_ABI
