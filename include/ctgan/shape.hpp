#pragma once

#include <cstddef>

namespace ctgan {

/// Counts and offsets: signed, so that differences and products of them need no care.
using Index = std::ptrdiff_t;

/// An amount of memory in numbers: some per sample of the batch, some once.
struct Extent {
    Index per_sample = 0;
    Index fixed = 0;
    constexpr Index at(int batch) const { return per_sample * batch + fixed; }
};

/// Blocks of an arena begin on a cache line.
constexpr Index aligned(Index n) { return (n + 15) / 16 * 16; }

/// A sample of N numbers: what Linear takes and gives. A row of PyTorch's tensor of shape (batch, N).
template <int N>
struct Flat {
    static_assert(N > 0, "ctgan: a Flat shape has at least one number");
    static constexpr int size = N;
    static constexpr int channels = N;
    static constexpr int pixels = 1;
};

/// A sample of C channels of H rows of W pixels. The batch is PyTorch's tensor of shape (batch, C, H, W), but
/// it is kept channels last: the numbers of one pixel are neighbours, so every image is a matrix of pixels by
/// channels.
template <int C, int H, int W>
struct Image {
    static_assert(C > 0 && H > 0 && W > 0, "ctgan: an Image has at least one channel, row and column");
    static constexpr int size = C * H * W;
    static constexpr int channels = C;
    static constexpr int height = H;
    static constexpr int width = W;
    static constexpr int pixels = H * W;
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
///     big row = small row * Stride - Padding + kernel row,    0 <= kernel row < Kernel,
/// and the same for columns. Both modules of PyTorch keep the weight as [small channel][big
/// channel][row][column]; in memory it is [row][column][small channel][big channel], a matrix for each tap.
template <int BigChannels, int BigHeight, int BigWidth, int SmallChannels, int SmallHeight, int SmallWidth,
          int Kernel, int Stride, int Padding>
struct ConvolutionGeometry {
    static constexpr int big_channels = BigChannels;
    static constexpr int big_height = BigHeight;
    static constexpr int big_width = BigWidth;
    static constexpr int small_channels = SmallChannels;
    static constexpr int small_height = SmallHeight;
    static constexpr int small_width = SmallWidth;
    static constexpr int kernel = Kernel;
    static constexpr int stride = Stride;
    static constexpr int padding = Padding;
    static constexpr int taps = Kernel * Kernel;
    static constexpr int weights = SmallChannels * BigChannels * taps;

    /// The small rows (or columns) whose partner under kernel row (column) `tap` lies inside the big image.
    struct Range {
        int begin, end;
        constexpr int size() const { return end - begin; }
    };
    static constexpr Range rows(int tap) { return range(tap, SmallHeight, BigHeight); }
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
