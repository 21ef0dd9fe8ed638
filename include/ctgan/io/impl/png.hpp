#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/separate_compilation.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#if !__has_include(<png.h>)
#    include <ctgan needs libpng for pictures: install libpng-dev or libpng and name its folder with -isystem>
#endif
#include <png.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

CTGAN_IO_FUNCTION std::vector<std::byte> encode_png(const Picture& picture) {
    constexpr std::size_t widest =
        1'000'000; // libpng's own limit; with it the products below cannot overflow
    if ((picture.channels != 1 && picture.channels != 3) || picture.width == 0 || picture.width > widest ||
        picture.height == 0 || picture.height > widest ||
        picture.pixels.size() != picture.channels * picture.height * picture.width)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"encode_png: the picture's sizes do not fit its pixels, or PNG"});

    // libpng's simplified interface catches its own longjmp, so none skips the destructors of C++ objects.
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width);
    image.height = static_cast<png_uint_32>(picture.height);
    image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::vector<std::byte> bytes(size);
    constexpr int no_conversion = 0, packed_rows = 0;
    if (!png_image_write_to_memory(&image, bytes.data(), &size, no_conversion, picture.pixels.data(),
                                   packed_rows, nullptr)) {
        png_image_free(&image); // the message is not what it frees
        ctgan::detail::fail_with<std::runtime_error>({"encode_png: libpng: ", image.message});
    }
    bytes.resize(size);
    return bytes;
}

CTGAN_IO_FUNCTION void write_png(const std::filesystem::path& path, const Picture& picture) {
    write_atomically(path, encode_png(picture));
}

CTGAN_IO_FUNCTION Picture read_png(const std::filesystem::path& path) {
    constexpr const char* expected = "a PNG file";
    constexpr std::size_t most_bytes = std::size_t{1} << 26, most_pixels = std::size_t{1} << 28;
    InputFile file(path, expected);
    if (file.size() > most_bytes)
        throw Error(path, counted(file.size(), "byte"),
                    "a PNG file of at most " + counted(most_bytes, "byte"));
    std::vector<std::byte> bytes(static_cast<std::uint32_t>(file.size()));
    file.read_exactly(bytes);

    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    const auto fail = [&] {
        png_image_free(&image); // the message is not what it frees
        throw Error(path, printable(image.message), expected);
    };
    if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) fail();
    if (std::size_t{image.width} * image.height > most_pixels) {
        png_image_free(&image);
        throw Error(path, counted(std::size_t{image.width} * image.height, "pixel"),
                    "at most " + std::to_string(most_pixels));
    }
    const bool gray = (image.format & PNG_FORMAT_FLAG_COLOR) == 0;
    image.format = gray ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    Picture picture{gray ? std::size_t{1} : std::size_t{3}, image.height, image.width, {}};
    picture.pixels.resize(picture.channels * picture.height * picture.width);
    constexpr png_color black{0, 0, 0};
    constexpr int packed_rows = 0;
    if (!png_image_finish_read(&image, &black, picture.pixels.data(), packed_rows, nullptr)) fail();
    return picture;
}

} // namespace ctgan::inline CTGAN_ABI::io
