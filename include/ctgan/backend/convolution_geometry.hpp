#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI {

/// How many pixels of the image a kernel covers in one dimension, from its first one to its last one.
constexpr int kernel_reach(int kernel, int dilation = 1) { return (kernel - 1) * dilation + 1; }

/// Height or width after torch.nn.Conv2d: floor((n + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. 0
/// if the padded image is smaller than the kernel.
constexpr int convolution_extent(int n, int kernel, int stride, int padding, int dilation = 1) {
    const int last = n + 2 * padding - kernel_reach(kernel, dilation); // the last position of the kernel
    return last < 0 ? 0 : last / stride + 1;
}

/// Height or width after torch.nn.ConvTranspose2d: (n - 1) stride - 2 padding + dilation (kernel - 1) +
/// output_padding + 1.
constexpr int transposed_extent(int n, int kernel, int stride, int padding, int output_padding,
                                int dilation = 1) {
    return (n - 1) * stride - 2 * padding + kernel_reach(kernel, dilation) + output_padding;
}

/// The small rows (or columns) whose partner under a kernel row (column) is inside the big image: begin <=
/// row < end.
struct ConvolutionRange {
    int begin; ///< the first
    int end;   ///< one past the last
    /// How many there are.
    constexpr int size() const { return end - begin; }
};

/// A convolution as a backend sees it; all of it is known at compile time. The `big` image is Conv2d's input,
/// the `small` image its output; a transposed convolution runs the other way through the same geometry:
///
///     big row = small row * StrideHeight - PaddingHeight + kernel row * DilationHeight,
///         0 <= kernel row < KernelHeight,
///
/// and the same for columns. A position of the kernel is called a tap. The channels of both images are
/// divided into Groups, and a channel has weights for those of the same group alone. Both PyTorch modules
/// store the weight as [small channel][big channel of the group][row][column]; here it is [row][column][small
/// channel][big channel of the group] in memory, one matrix for each tap.
template <int BigChannels, int BigHeight, int BigWidth, int SmallChannels, int SmallHeight, int SmallWidth,
          int KernelHeight, int StrideHeight, int PaddingHeight, int KernelWidth = KernelHeight,
          int StrideWidth = StrideHeight, int PaddingWidth = PaddingHeight, int DilationHeight = 1,
          int DilationWidth = DilationHeight, int Groups = 1>
struct ConvolutionGeometry {
    static constexpr int big_channels = BigChannels;           ///< channels of the big image
    static constexpr int big_height = BigHeight;               ///< its rows
    static constexpr int big_width = BigWidth;                 ///< its columns
    static constexpr int small_channels = SmallChannels;       ///< channels of the small image
    static constexpr int small_height = SmallHeight;           ///< its rows
    static constexpr int small_width = SmallWidth;             ///< its columns
    static constexpr int kernel_height = KernelHeight;         ///< rows of the kernel
    static constexpr int kernel_width = KernelWidth;           ///< its columns
    static constexpr int stride_height = StrideHeight;         ///< big rows from one small row to the next
    static constexpr int stride_width = StrideWidth;           ///< the same for columns
    static constexpr int padding_height = PaddingHeight;       ///< rows of zeros around the big image
    static constexpr int padding_width = PaddingWidth;         ///< columns of zeros
    static constexpr int dilation_height = DilationHeight;     ///< big rows from one kernel row to the next
    static constexpr int dilation_width = DilationWidth;       ///< the same for columns
    static constexpr int groups = Groups;                      ///< a divisor of both numbers of channels
    static constexpr int big_group = BigChannels / Groups;     ///< channels of the big image in a group
    static constexpr int small_group = SmallChannels / Groups; ///< the same, of the small image
    static constexpr int taps = KernelHeight * KernelWidth;    ///< positions of the kernel
    static constexpr int weights = SmallChannels * big_group * taps; ///< values of the weight
    /// Whether rows and columns are treated alike, without gaps, and every channel has weights for all
    /// others.
    static constexpr bool is_square_and_dense = KernelHeight == KernelWidth && StrideHeight == StrideWidth &&
                                                PaddingHeight == PaddingWidth && DilationHeight == 1 &&
                                                DilationWidth == 1 && Groups == 1;
    /// Whether the groups of an image have one channel each.
    static constexpr bool is_depthwise = Groups > 1 && (big_group == 1 || small_group == 1);

    using Range = ConvolutionRange; ///< rows or columns that have a partner
    /// The small rows with a partner in the big image under kernel row `tap`.
    static constexpr Range rows(int tap) {
        return range(PaddingHeight - tap * DilationHeight, StrideHeight, SmallHeight, BigHeight);
    }
    /// The small columns with a partner in the big image under kernel column `tap`.
    static constexpr Range columns(int tap) {
        return range(PaddingWidth - tap * DilationWidth, StrideWidth, SmallWidth, BigWidth);
    }

    /// Multiplications for one sample, in any of the three directions: forward, and the gradients with
    /// respect to the input and to the weight. Padded zeros are not counted.
    static constexpr Index multiplications() {
        Index row_pairs = 0, column_pairs = 0;
        for (int tap = 0; tap < KernelHeight; ++tap) row_pairs += rows(tap).size();
        for (int tap = 0; tap < KernelWidth; ++tap) column_pairs += columns(tap).size();
        return row_pairs * column_pairs * big_group * SmallChannels;
    }

  private:
    /// Of a tap with big = small * stride - shift.
    static constexpr Range range(int shift, int stride, int small_size, int big_size) {
        const int begin = shift <= 0 ? 0 : (shift + stride - 1) / stride;
        const int last = big_size - 1 + shift;
        const int end = last < 0 ? 0 : (last / stride + 1 < small_size ? last / stride + 1 : small_size);
        return {begin < end ? begin : end, end};
    }
};

} // namespace ctgan::inline CTGAN_ABI
