#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>

namespace ctgan::inline CTGAN_ABI {

/// The type of counts and offsets, 64 bits on all usual platforms. Signed, so that differences and products
/// need no special care.
using Index = std::ptrdiff_t;

/// A sample of N values, such as the input and the output of Linear: one row of a PyTorch tensor of shape
/// (batch, N).
template <int N>
struct Flat {
    static_assert(N > 0, "ctgan: a Flat shape has at least one value");
    static constexpr int size = N;     ///< values of a sample
    static constexpr int channels = N; ///< each value is a channel of its own
    static constexpr int pixels = 1;   ///< all channels belong to one pixel
};

/// A sample of C channels, H rows and W columns. A batch corresponds to a PyTorch tensor of shape (batch, C,
/// H, W), but is stored channels last: the channels of one pixel are adjacent, so an image is a matrix of
/// pixels by channels.
template <int C, int H, int W>
struct Image {
    static_assert(C > 0 && H > 0 && W > 0, "ctgan: an Image has at least one channel, row and column");
    static constexpr int size = C * H * W; ///< values of a sample
    static constexpr int channels = C;     ///< values of a pixel
    static constexpr int height = H;       ///< rows
    static constexpr int width = W;        ///< pixels of a row
    static constexpr int pixels = H * W;   ///< pixels of a sample
};

/// The output of a network with a mistake. It agrees with every shape, so that the mistake is the only error.
template <class Mistake>
struct InvalidShape {
    static constexpr int size = 1;     ///< for code that uses such a network regardless
    static constexpr int channels = 1; ///< for code that uses such a network regardless
    static constexpr int height = 1;   ///< for code that uses such a network regardless
    static constexpr int width = 1;    ///< for code that uses such a network regardless
    static constexpr int pixels = 1;   ///< for code that uses such a network regardless
};
/// Whether a shape is an InvalidShape.
template <class Shape>
inline constexpr bool is_invalid = false;
/// It is.
template <class Mistake>
inline constexpr bool is_invalid<InvalidShape<Mistake>> = true;

} // namespace ctgan::inline CTGAN_ABI
