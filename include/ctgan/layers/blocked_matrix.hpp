#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/layers/tensor_spec.hpp>

namespace ctgan::inline CTGAN_ABI::detail {

/// A weight as the matrix of torch.nn.utils.parametrizations.spectral_norm, [output][everything else], in the
/// order in which it is in memory: in blocks of `width` columns, [block][row][column of the block].
struct BlockedMatrix {
    int rows, columns, width;
    bool outputs_are_columns; ///< else they are the rows

    constexpr int outputs() const { return outputs_are_columns ? columns : rows; }
    constexpr int others() const { return outputs_are_columns ? rows : columns; }
};
/// Dimension `outputs` of the weight counts the outputs.
constexpr BlockedMatrix matrix_of(const TensorSpec& weight, int outputs) {
    const int size = static_cast<int>(weight.size()), first = weight.dims[0], second = weight.dims[1];
    if (weight.layout == Layout::blocked) return {second, first, output_block, true};
    if (weight.layout == Layout::pytorch) return {first, size / first, size / first, false};
    return outputs == 0 ? BlockedMatrix{first, size / first, second, false}
                        : BlockedMatrix{size / second, second, second, true};
}

} // namespace ctgan::inline CTGAN_ABI::detail
