#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>
#include <cstdint>

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
    /// The type of a value in a network of scalars T.
    template <class T>
    using value = T;
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
    /// The type of a value in a network of scalars T.
    template <class T>
    using value = T;
};

/// A sample that is the number of a class, from 0 to N - 1, such as the label of a digit: one row of a
/// PyTorch tensor of integers of shape (batch). It is an input of a network (layers/inputs.hpp) that
/// Embedding reads.
///
/// It cannot be copied, so that a layer whose out() takes any shape, by value, does not take labels.
template <int N>
struct Classes {
    static_assert(N > 0, "ctgan: there is at least one of the Classes");
    static constexpr int size = 1;     ///< one label
    static constexpr int channels = 1; ///< one label
    static constexpr int pixels = 1;   ///< one label
    static constexpr int count = N;    ///< how many classes there are
    /// Labels are integers, whatever the scalars of the network.
    template <class T>
    using value = std::int32_t;

    Classes() = default;
    Classes(const Classes&) = delete;
    Classes& operator=(const Classes&) = delete;
};

/// What enters a network with several inputs, or leaves one with several outputs: a sample of each shape.
/// They are in batches of their own, so as a whole they have no values. No layer takes them but Select.
template <class... Shapes>
struct SeveralShapes {
    static constexpr int size = 0;     ///< nothing is stored together
    static constexpr int channels = 0; ///< nothing is stored together
    static constexpr int pixels = 1;   ///< nothing is stored together
    /// Nothing is stored together.
    template <class T>
    using value = T;

    SeveralShapes() = default;
    SeveralShapes(const SeveralShapes&) = delete;
    SeveralShapes& operator=(const SeveralShapes&) = delete;
};

/// The output of a network with a mistake. It agrees with every shape, so that the mistake is the only error.
template <class Mistake>
struct InvalidShape {
    static constexpr int size = 1;     ///< for code that uses such a network regardless
    static constexpr int channels = 1; ///< for code that uses such a network regardless
    static constexpr int height = 1;   ///< for code that uses such a network regardless
    static constexpr int width = 1;    ///< for code that uses such a network regardless
    static constexpr int pixels = 1;   ///< for code that uses such a network regardless
    /// For code that uses such a network regardless.
    template <class T>
    using value = T;
};
/// Whether a shape is an InvalidShape.
template <class Shape>
inline constexpr bool is_invalid = false;
/// It is.
template <class Mistake>
inline constexpr bool is_invalid<InvalidShape<Mistake>> = true;

} // namespace ctgan::inline CTGAN_ABI
