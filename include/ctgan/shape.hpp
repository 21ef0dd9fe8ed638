#pragma once

#include <cstddef>

namespace ctgan {

/// Counts and offsets: signed, so that differences and products of them need no care.
using Index = std::ptrdiff_t;

/// An amount of memory in numbers: some per sample of the batch, some once.
struct Extent {
    Index per_sample = 0; ///< numbers for each sample
    Index fixed = 0;      ///< numbers once
    /// Numbers for a batch of so many samples.
    constexpr Index at(int batch) const { return per_sample * batch + fixed; }
};

/// Blocks of an arena begin on a cache line.
constexpr Index aligned(Index n) { return (n + 15) / 16 * 16; }

/// A sample of N numbers: what Linear takes and gives. A row of PyTorch's tensor of shape (batch, N).
template <int N>
struct Flat {
    static_assert(N > 0, "ctgan: a Flat shape has at least one number");
    static constexpr int size = N;     ///< numbers of a sample
    static constexpr int channels = N; ///< each number is a channel of its own
    static constexpr int pixels = 1;   ///< of one pixel
};

/// A sample of C channels of H rows of W pixels. The batch is PyTorch's tensor of shape (batch, C, H, W), but
/// it is kept channels last: the numbers of one pixel are neighbours, so every image is a matrix of pixels by
/// channels.
template <int C, int H, int W>
struct Image {
    static_assert(C > 0 && H > 0 && W > 0, "ctgan: an Image has at least one channel, row and column");
    static constexpr int size = C * H * W; ///< numbers of a sample
    static constexpr int channels = C;     ///< numbers of a pixel
    static constexpr int height = H;       ///< rows
    static constexpr int width = W;        ///< pixels of a row
    static constexpr int pixels = H * W;   ///< pixels of a sample
};

/// Height or width after torch.nn.Conv2d (dilation 1): floor((n + 2 padding - kernel) / stride) + 1.
/// Zero or less where the padded image is smaller than the kernel.
constexpr int convolution_extent(int n, int kernel, int stride, int padding) {
    const int room = n + 2 * padding - kernel;
    return room < 0 ? 0 : room / stride + 1;
}

/// Height or width after torch.nn.ConvTranspose2d (dilation 1): (n - 1) stride - 2 padding + kernel +
/// output_padding.
constexpr int transposed_extent(int n, int kernel, int stride, int padding, int output_padding) {
    return (n - 1) * stride - 2 * padding + kernel + output_padding;
}

/// What a backend is told of a convolution, all of it while compiling. The `Big` image is Conv2d's input, the
/// `Small` one its output; a transposed convolution goes the other way through the same geometry:
///
///     big row = small row * Stride - Padding + kernel row,    0 <= kernel row < Kernel,
///
/// and the same for columns. Both modules of PyTorch keep the weight as [small channel][big
/// channel][row][column]; in memory it is [row][column][small channel][big channel], a matrix for each tap.
template <int BigChannels, int BigHeight, int BigWidth, int SmallChannels, int SmallHeight, int SmallWidth,
          int Kernel, int Stride, int Padding>
struct ConvolutionGeometry {
    static constexpr int big_channels = BigChannels;     ///< of the big image
    static constexpr int big_height = BigHeight;         ///< its rows
    static constexpr int big_width = BigWidth;           ///< its columns
    static constexpr int small_channels = SmallChannels; ///< of the small image
    static constexpr int small_height = SmallHeight;     ///< its rows
    static constexpr int small_width = SmallWidth;       ///< its columns
    static constexpr int kernel = Kernel;                ///< rows and columns of the kernel
    static constexpr int stride = Stride;                ///< big rows from one small row to the next
    static constexpr int padding = Padding;              ///< rows of zeros around the big image
    static constexpr int taps = Kernel * Kernel;         ///< places of the kernel
    static constexpr int weights = SmallChannels * BigChannels * taps; ///< numbers of the weight

    /// The small rows (or columns) whose partner under kernel row (column) `tap` lies inside the big image.
    struct Range {
        /// The first.
        int begin, end; ///< behind the last
        /// How many there are.
        constexpr int size() const { return end - begin; }
    };
    /// The small rows that meet a big one under kernel row `tap`.
    static constexpr Range rows(int tap) { return range(tap, SmallHeight, BigHeight); }
    /// The small columns that meet a big one under kernel column `tap`.
    static constexpr Range columns(int tap) { return range(tap, SmallWidth, BigWidth); }

    /// Multiplications of one pass over one sample in any of the three directions; none is spent on padding.
    static constexpr Index multiplications() {
        Index row_pairs = 0, column_pairs = 0;
        for (int tap = 0; tap < Kernel; ++tap) {
            row_pairs += rows(tap).size();
            column_pairs += columns(tap).size();
        }
        return row_pairs * column_pairs * BigChannels * SmallChannels;
    }

  private:
    static constexpr Range range(int tap, int small, int big) {
        const int shift = Padding - tap; // big = small * Stride - shift
        const int begin = shift <= 0 ? 0 : (shift + Stride - 1) / Stride;
        const int last = big - 1 + shift;
        const int end = last < 0 ? 0 : (last / Stride + 1 < small ? last / Stride + 1 : small);
        return {begin < end ? begin : end, end};
    }
};

} // namespace ctgan
