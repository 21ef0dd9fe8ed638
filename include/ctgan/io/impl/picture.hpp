#pragma once

#include <ctgan/core/byte_from_unit_range.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/integer.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace ctgan::inline CTGAN_ABI::io {

CTGAN_IO_FUNCTION Picture tile(std::span<const float> images, std::size_t count, std::size_t channels,
                               std::size_t height, std::size_t width, std::size_t columns,
                               std::size_t padding) {
    if (channels != 1 && channels != 3)
        ctgan::detail::fail_with<std::invalid_argument>({"tile: a picture has 1 or 3 channels"});
    if (count == 0 || height == 0 || width == 0 || columns == 0)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"tile: count, height, width and columns must be at least 1"});
    std::size_t size = 0;
    if (ctgan::detail::multiply_overflows(height, width, size) ||
        ctgan::detail::multiply_overflows(size, channels, size) ||
        ctgan::detail::multiply_overflows(size, count, size) || size != images.size())
        ctgan::detail::fail_with<std::invalid_argument>(
            {"tile: the images hold another number of values than their sizes say"});

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
            std::transform(from.begin(), from.end(), to.begin(), ctgan::detail::byte_from_unit_range);
        }
    }
    return picture;
}

CTGAN_IO_FUNCTION Picture enlarged(const Picture& picture, std::size_t factor) {
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
