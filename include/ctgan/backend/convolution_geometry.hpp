#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI {

/// Height or width after torch.nn.Conv2d (dilation 1): floor((n + 2 padding - kernel) / stride) + 1. 0 if the
/// padded image is smaller than the kernel.
constexpr int convolution_extent(int n, int kernel, int stride, int padding) {
    const int last = n + 2 * padding - kernel; // the last position of the kernel
    return last < 0 ? 0 : last / stride + 1;
}

/// Height or width after torch.nn.ConvTranspose2d (dilation 1): (n - 1) stride - 2 padding + kernel +
/// output_padding.
constexpr int transposed_extent(int n, int kernel, int stride, int padding, int output_padding) {
    return (n - 1) * stride - 2 * padding + kernel + output_padding;
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
///     big row = small row * Stride - Padding + kernel row,    0 <= kernel row < Kernel,
///
/// and the same for columns. A position of the kernel is called a tap. Both PyTorch modules store the weight
/// as [small channel][big channel][row][column]; here it is [row][column][small channel][big channel] in
/// memory, one matrix for each tap.
template <int BigChannels, int BigHeight, int BigWidth, int SmallChannels, int SmallHeight, int SmallWidth,
          int Kernel, int Stride, int Padding>
struct ConvolutionGeometry {
    static constexpr int big_channels = BigChannels;     ///< channels of the big image
    static constexpr int big_height = BigHeight;         ///< its rows
    static constexpr int big_width = BigWidth;           ///< its columns
    static constexpr int small_channels = SmallChannels; ///< channels of the small image
    static constexpr int small_height = SmallHeight;     ///< its rows
    static constexpr int small_width = SmallWidth;       ///< its columns
    static constexpr int kernel = Kernel;                ///< rows and columns of the kernel
    static constexpr int stride = Stride;                ///< big rows from one small row to the next
    static constexpr int padding = Padding;              ///< rows of zeros around the big image
    static constexpr int taps = Kernel * Kernel;         ///< positions of the kernel
    static constexpr int weights = SmallChannels * BigChannels * taps; ///< values of the weight

    using Range = ConvolutionRange; ///< rows or columns that have a partner
    /// The small rows with a partner in the big image under kernel row `tap`.
    static constexpr Range rows(int tap) { return range(tap, SmallHeight, BigHeight); }
    /// The small columns with a partner in the big image under kernel column `tap`.
    static constexpr Range columns(int tap) { return range(tap, SmallWidth, BigWidth); }

    /// Multiplications for one sample, in any of the three directions: forward, and the gradients with
    /// respect to the input and to the weight. Padded zeros are not counted.
    static constexpr Index multiplications() {
        Index row_pairs = 0, column_pairs = 0;
        for (int tap = 0; tap < Kernel; ++tap) {
            row_pairs += rows(tap).size();
            column_pairs += columns(tap).size();
        }
        return row_pairs * column_pairs * BigChannels * SmallChannels;
    }

  private:
    static constexpr Range range(int tap, int small_size, int big_size) {
        const int shift = Padding - tap; // big = small * Stride - shift
        const int begin = shift <= 0 ? 0 : (shift + Stride - 1) / Stride;
        const int last = big_size - 1 + shift;
        const int end = last < 0 ? 0 : (last / Stride + 1 < small_size ? last / Stride + 1 : small_size);
        return {begin < end ? begin : end, end};
    }
};

} // namespace ctgan::inline CTGAN_ABI
