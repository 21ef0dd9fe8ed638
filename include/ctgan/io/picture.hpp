#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// An image of bytes, row by row; the channels of a pixel are adjacent. An image with 1 channel is gray, one
/// with 3 is RGB.
struct Picture {
    std::size_t channels = 1;         ///< 1 or 3
    std::size_t height = 0;           ///< number of rows
    std::size_t width = 0;            ///< number of pixels in a row
    std::vector<std::uint8_t> pixels; ///< [height][width][channels]
};

namespace detail {

template <class Shape>
inline constexpr bool is_picture = false;
template <int C, int H, int W>
inline constexpr bool is_picture<Image<C, H, W>> = C == 1 || C == 3;

} // namespace detail

/// Arranges `count` images in a grid, row by row, with `columns` images in a row (fewer if there are fewer
/// images) and `padding` black pixels between and around them. `images` is [count][height][width][channels],
/// with values from -1 to 1. Throws std::invalid_argument if there are not 1 or 3 channels, if another size
/// is 0, or if `images` does not have as many values as the sizes say.
Picture tile(std::span<const float> images, std::size_t count, std::size_t channels, std::size_t height,
             std::size_t width, std::size_t columns, std::size_t padding = 2);

/// The same for a batch of images in the host's memory, as the CPU backend's networks give it.
template <class Shape, class T>
Picture tile(View<Shape, T> images, std::size_t columns, std::size_t padding = 2) {
    constexpr bool is_float = std::is_same_v<std::remove_const_t<T>, float>;
    static_assert((detail::is_picture<Shape> && is_float) || is_invalid<Shape>,
                  "ctgan: tile takes images of 1 or 3 channels in float, Image<1, H, W> or Image<3, H, W>");
    if constexpr (detail::is_picture<Shape> && is_float)
        return tile({as_view(images).data, static_cast<std::size_t>(images.size())},
                    static_cast<std::size_t>(images.count), Shape::channels, Shape::height, Shape::width,
                    columns, padding);
    else
        return {};
}

/// The picture with each pixel repeated as a square of factor x factor pixels, which makes small images
/// easier to look at.
Picture enlarged(const Picture& picture, std::size_t factor);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/picture.hpp>
#endif
