#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/foreign_format.hpp>
#include <ctgan/io/impl/jpeg_decoder.hpp>
#include <ctgan/io/impl/png_decoder.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// What a decoder reads, with as many channels as the file has. `kind` is its name, for messages.
template <class Decoder>
Picture decoded(std::span<const std::byte> bytes, const std::filesystem::path& path, std::string_view kind,
                std::size_t most_pixels) {
    const std::string expected = ctgan::detail::joined({"a whole ", kind, " picture"});
    Decoder decoder(bytes);
    if (!decoder.read_header()) throw Error(path, printable(decoder.message()), expected);
    const std::size_t width = decoder.width(), height = decoder.height(), channels = decoder.channels();
    if (width == 0 || height == 0 || height > most_pixels / width)
        throw Error(path, ctgan::detail::joined({"a picture of ", width, " x ", height, " pixels"}),
                    ctgan::detail::joined({"1 to ", most_pixels, " pixels"}));
    if (channels != 1 && channels != 3 && channels != 4)
        throw Error(path, ctgan::detail::joined({kind, " data of ", channels, " components"}), "1, 3 or 4");
    Picture picture{channels, height, width, {}};
    picture.pixels.resize(width * height * channels);
    if (!decoder.read_pixels(picture.pixels.data()))
        throw Error(path, printable(decoder.message()), expected);
    return picture;
}

/// The pixels in another number of channels. `convert` writes one pixel from one.
template <class Convert>
void convert_channels(Picture& picture, std::size_t channels, const Convert& convert) {
    std::vector<std::uint8_t> pixels(picture.width * picture.height * channels);
    const std::uint8_t* from = picture.pixels.data();
    for (std::size_t i = 0; i < pixels.size(); i += channels, from += picture.channels)
        convert(pixels.data() + i, from);
    picture.pixels = std::move(pixels);
    picture.channels = channels;
}

/// In gray, RGB or inverted CMYK, as a decoder read it, to gray or RGB, by the formulas of Pillow
/// (libImaging/Convert.c).
CTGAN_IO_FUNCTION void take_channels(Picture& picture, std::size_t channels) {
    if (picture.channels == 4)
        convert_channels(picture, 3, [](std::uint8_t* to, const std::uint8_t* inverted) {
            const unsigned black = inverted[3];
            for (std::size_t c = 0; c < 3; ++c) {
                const unsigned product = (255U - inverted[c]) * black + 128U;
                to[c] = static_cast<std::uint8_t>(black - (((product >> 8) + product) >> 8));
            }
        });
    if (picture.channels == 1 && channels == 3)
        convert_channels(picture, 3, [](std::uint8_t* to, const std::uint8_t* gray) {
            for (std::size_t c = 0; c < 3; ++c) to[c] = *gray;
        });
    else if (picture.channels == 3 && channels == 1)
        convert_channels(picture, 1, [](std::uint8_t* to, const std::uint8_t* rgb) {
            // ITU-R 601-2, in 16 bits: 0.299, 0.587, 0.114.
            *to = static_cast<std::uint8_t>((rgb[0] * 19595U + rgb[1] * 38470U + rgb[2] * 7471U + 0x8000U) >>
                                            16);
        });
}

CTGAN_IO_FUNCTION std::vector<std::byte> bytes_of_picture(const std::filesystem::path& path,
                                                          std::size_t most_pixels, const char* expected) {
    InputFile file(path, expected);
    constexpr std::uint64_t more = 1U << 20;
    const std::uint64_t most =
        (std::min)(std::uint64_t{most_pixels}, ((std::numeric_limits<std::uint64_t>::max)() - more) / 8) * 8 +
        more;
    if (file.size() > most)
        throw Error(path, counted(file.size(), "byte"),
                    ctgan::detail::joined({"at most ", most, " for a picture of ", most_pixels, " pixels"}));
    std::vector<std::byte> bytes(size_in_memory(file.size()));
    file.read_exactly(bytes);
    file.require_unchanged();
    return bytes;
}

} // namespace detail

#ifdef CTGAN_WITH_JPEG
inline namespace with_libjpeg {
#else
inline namespace without_libjpeg {
#endif

CTGAN_IO_FUNCTION bool reads_jpeg() {
#ifdef CTGAN_WITH_JPEG
    return true;
#else
    return false;
#endif
}

/// In a namespace that differs between the two forms, unlike detail.
namespace file_parts {

CTGAN_IO_FUNCTION const char* readable_picture() {
    return reads_jpeg() ? "a PNG or JPEG picture" : "a PNG picture";
}

} // namespace file_parts

CTGAN_IO_FUNCTION Picture decode_picture(std::span<const std::byte> bytes, const std::filesystem::path& path,
                                         std::size_t channels, std::size_t most_pixels) {
    if (channels != 1 && channels != 3)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"decode_picture: found ", channels, " channels, expected 1 or 3"});
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    Picture picture;
    if (text.starts_with("\x89PNG\r\n\x1a\n")) {
        picture = detail::decoded<detail::PngDecoder>(bytes, path, "PNG", most_pixels);
    } else if (text.starts_with("\xff\xd8\xff")) {
#ifdef CTGAN_WITH_JPEG
        picture = detail::decoded<detail::JpegDecoder>(bytes, path, "JPEG", most_pixels);
#else
        throw Error(path, "a JPEG picture, for a program that was built without libjpeg", "a PNG picture");
#endif
    } else {
        const std::string_view known =
            foreign_format(bytes.first((std::min)(bytes.size(), bytes_that_tell_a_format))).name;
        const std::string found = !known.empty()  ? std::string(known)
                                  : bytes.empty() ? "an empty file"
                                                  : "bytes that begin with " + in_quotes(text.substr(0, 8));
        throw Error(path, found, file_parts::readable_picture());
    }
    detail::take_channels(picture, channels);
    return picture;
}

CTGAN_IO_FUNCTION Picture read_picture(const std::filesystem::path& path, std::size_t channels,
                                       std::size_t most_pixels) {
    return decode_picture(detail::bytes_of_picture(path, most_pixels, file_parts::readable_picture()), path,
                          channels, most_pixels);
}

} // namespace with_libjpeg or without_libjpeg

} // namespace ctgan::inline CTGAN_ABI::io
