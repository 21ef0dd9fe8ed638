#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/integer.hpp>
#include <ctgan/core/tensor.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
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

/// Maps -1 to 0 and 1 to 255, rounding to the nearest integer. Values outside are clamped; NaN becomes 0.
inline std::uint8_t byte_from_unit_range(float value) {
    // Tests the bits, because with a user's -ffast-math every other test for NaN is false.
    const bool not_a_number = (std::bit_cast<std::uint32_t>(value) & 0x7fffffffU) > 0x7f800000U;
    if (not_a_number) return 0;
    const float scaled = (std::clamp(value, -1.0F, 1.0F) + 1.0F) / 2.0F * 255.0F;
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): it is not negative
    return static_cast<std::uint8_t>(scaled + 0.5F);
}

template <class Shape>
inline constexpr bool is_picture = false;
template <int C, int H, int W>
inline constexpr bool is_picture<Image<C, H, W>> = C == 1 || C == 3;

} // namespace detail

/// Arranges `count` images in a grid, row by row, with `columns` images in a row (fewer if there are fewer
/// images) and `padding` black pixels between and around them. `images` is [count][height][width][channels],
/// with values from -1 to 1. Throws std::invalid_argument if there are not 1 or 3 channels, if another size
/// is 0, or if `images` does not have as many values as the sizes say.
inline Picture tile(std::span<const float> images, std::size_t count, std::size_t channels,
                    std::size_t height, std::size_t width, std::size_t columns, std::size_t padding = 2) {
    if (channels != 1 && channels != 3) throw std::invalid_argument("tile: a picture has 1 or 3 channels");
    if (count == 0 || height == 0 || width == 0 || columns == 0)
        throw std::invalid_argument("tile: count, height, width and columns must be at least 1");
    std::size_t size = 0;
    if (ctgan::detail::multiply_overflows(height, width, size) ||
        ctgan::detail::multiply_overflows(size, channels, size) ||
        ctgan::detail::multiply_overflows(size, count, size) || size != images.size())
        throw std::invalid_argument("tile: the images hold another number of values than their sizes say");

    columns = (std::min)(columns, count);
    const std::size_t rows = (count - 1) / columns + 1;
    Picture picture{channels, rows * (height + padding) + padding, columns * (width + padding) + padding, {}};
    picture.pixels.assign(picture.height * picture.width * channels, 0);
    const std::size_t line = width * channels; // values in one line of one image
    for (std::size_t image = 0; image < count; ++image) {
        const std::size_t top = image / columns * (height + padding) + padding;
        const std::size_t left = image % columns * (width + padding) + padding;
        for (std::size_t y = 0; y < height; ++y) {
            const auto from = images.subspan((image * height + y) * line, line);
            const auto to =
                std::span(picture.pixels).subspan(((top + y) * picture.width + left) * channels, line);
            std::transform(from.begin(), from.end(), to.begin(), detail::byte_from_unit_range);
        }
    }
    return picture;
}

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
inline Picture enlarged(const Picture& picture, std::size_t factor) {
    Picture result{picture.channels, picture.height * factor, picture.width * factor, {}};
    result.pixels.reserve(result.height * result.width * result.channels);
    for (std::size_t y = 0; y < result.height; ++y)
        for (std::size_t x = 0; x < result.width; ++x) {
            const std::size_t from = (y / factor * picture.width + x / factor) * picture.channels;
            for (std::size_t c = 0; c < picture.channels; ++c)
                result.pixels.push_back(picture.pixels[from + c]);
        }
    return result;
}

} // namespace ctgan::inline CTGAN_ABI::io
