/// PNG and JPEG files: refused with an Error, or decoded into as many bytes as the sizes say, and the same
/// bytes each time; then resized.

#include <ctgan/io/picture_file.hpp>
#include <ctgan/io/resize.hpp>

#include "memory_file.hpp"
#include <cstddef>
#include <cstdint>
#include <span>

namespace io = ctgan::io;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t most_pixels = 1 << 14;
    const auto bytes = std::as_bytes(std::span(data, size));
    for (const std::size_t channels : {1U, 3U}) try {
            const io::Picture picture = io::decode_picture(bytes, "input", channels, most_pixels);
            fuzz::require(picture.channels == channels && picture.height > 0 && picture.width > 0 &&
                              picture.height * picture.width <= most_pixels &&
                              picture.pixels.size() == picture.height * picture.width * channels,
                          "as many pixels as the sizes say");
            fuzz::require(io::decode_picture(bytes, "input", channels, most_pixels).pixels == picture.pixels,
                          "the same pixels each time");
            const io::Picture part = io::resized_and_cropped(picture, 5, 3);
            fuzz::require(part.pixels.size() == 15 * channels, "a resized picture");
            fuzz::note_accepted();
        } catch (const io::Error&) {
        }
    return 0;
}
