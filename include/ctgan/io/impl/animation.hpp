#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/impl/gif.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/separate_compilation.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#if !__has_include(<zlib.h>)
#    include <ctgan needs zlib for files: install zlib1g-dev or zlib and name its folder with -isystem>
#endif
#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// Throws std::invalid_argument unless the frames can be those of an animation.
CTGAN_IO_FUNCTION void check_frames(std::span<const Picture> frames, const FrameTimes& times) {
    using ctgan::detail::fail_with;
    constexpr const char* who = "write_animation: found ";
    if (frames.empty()) fail_with<std::invalid_argument>({who, "no frames, expected at least one"});
    constexpr std::size_t largest = 1'000'000; // as for encode_png(); products cannot overflow
    const Picture& first = frames.front();
    if ((first.channels != 1 && first.channels != 3) || first.width == 0 || first.width > largest ||
        first.height == 0 || first.height > largest)
        fail_with<std::invalid_argument>({who, "frames of ", first.height, " x ", first.width, " pixels of ",
                                          first.channels, " channels, expected 1 to ", largest,
                                          " rows and columns of 1 or 3 channels"});
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const Picture& frame = frames[i];
        if (frame.channels != first.channels || frame.height != first.height || frame.width != first.width)
            fail_with<std::invalid_argument>({who, "frame ", i + 1, " of ", frame.height, " x ", frame.width,
                                              " x ", frame.channels, ", expected ", first.height, " x ",
                                              first.width, " x ", first.channels, " as the first one"});
        if (frame.pixels.size() != frame.height * frame.width * frame.channels)
            fail_with<std::invalid_argument>({who, "frame ", i + 1, " with ", frame.pixels.size(),
                                              " bytes, expected ",
                                              frame.height * frame.width * frame.channels});
    }
    for (const int time : {times.each, times.last})
        if (time < 10 || time > 655'350)
            fail_with<std::invalid_argument>(
                {who, "a frame of ", time, " milliseconds, expected 10 to 655350"});
}

/// The bytes of a PNG file, chunk by chunk.
class PngChunks {
  public:
    PngChunks() { append("\x89PNG\r\n\x1a\n"); }

    /// A chunk begins, with the four letters of its type.
    void begin(std::string_view type) {
        start_ = bytes_.size();
        number(std::uint32_t{0}); // its length, which end() sets
        append(type);
    }
    void number(std::uint32_t value) {
        for (const int shift : {24, 16, 8, 0}) byte(value >> shift);
    }
    void number(std::uint16_t value) {
        byte(value >> 8);
        byte(value);
    }
    void byte(std::uint32_t value) { bytes_.push_back(static_cast<std::byte>(value & 0xff)); }
    void append(std::span<const std::byte> data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }
    void append(std::string_view text) { append(std::as_bytes(std::span(text.data(), text.size()))); }
    void end() {
        constexpr std::size_t length_and_type = 8;
        const auto length = static_cast<std::uint32_t>(bytes_.size() - start_ - length_and_type);
        for (std::size_t i = 0; i < 4; ++i)
            bytes_[start_ + i] = static_cast<std::byte>(length >> (24 - 8 * i) & 0xff);
        // The checksum is of the type and the data.
        number(static_cast<std::uint32_t>(
            ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes_.data() + start_ + 4), length + 4U)));
    }
    std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
    std::size_t start_ = 0; ///< of the chunk
};

/// The image data of PNG: a zlib stream of the rows, each behind the number of its filter. "Up", which stores
/// differences from the row above, makes most bytes 0 where pixels were enlarged.
CTGAN_IO_FUNCTION std::vector<std::byte> png_image_data(const Picture& picture) {
    constexpr std::uint8_t up = 2;
    const std::size_t row = picture.width * picture.channels;
    std::vector<std::uint8_t> filtered;
    filtered.reserve((row + 1) * picture.height);
    for (std::size_t y = 0; y < picture.height; ++y) {
        const std::uint8_t* const here = picture.pixels.data() + y * row;
        const std::uint8_t* const above = y > 0 ? here - row : nullptr;
        filtered.push_back(up);
        for (std::size_t i = 0; i < row; ++i)
            filtered.push_back(static_cast<std::uint8_t>(here[i] - (above ? above[i] : 0)));
    }
    uLongf size = ::compressBound(static_cast<uLong>(filtered.size()));
    std::vector<std::byte> bytes(size);
    const int code = ::compress2(reinterpret_cast<Bytef*>(bytes.data()), &size, filtered.data(),
                                 static_cast<uLong>(filtered.size()), Z_DEFAULT_COMPRESSION);
    if (code != Z_OK || size > 0x7ffffff0U) // the length of a chunk has 31 bits
        ctgan::detail::fail_with<std::runtime_error>(
            {"encode_apng: zlib: ", code == Z_OK ? "too many bytes" : ::zError(code)});
    bytes.resize(size);
    return bytes;
}

} // namespace detail

CTGAN_IO_FUNCTION std::vector<std::byte> encode_apng(std::span<const Picture> frames, FrameTimes times) {
    detail::check_frames(frames, times);
    const auto width = static_cast<std::uint32_t>(frames[0].width),
               height = static_cast<std::uint32_t>(frames[0].height);
    detail::PngChunks png;
    png.begin("IHDR");
    png.number(width);
    png.number(height);
    png.byte(8);                               // bits of a value
    png.byte(frames[0].channels == 1 ? 0 : 2); // gray or RGB
    for (int i = 0; i < 3; ++i) png.byte(0);   // the only compression, the only filters, not interlaced
    png.end();
    png.begin("acTL");
    png.number(static_cast<std::uint32_t>(frames.size()));
    png.number(std::uint32_t{0}); // for ever
    png.end();
    std::uint32_t sequence = 0; // of the chunks of the animation
    for (std::size_t i = 0; i < frames.size(); ++i) {
        png.begin("fcTL");
        png.number(sequence++);
        png.number(width);
        png.number(height);
        png.number(std::uint32_t{0}); // its place, from the left
        png.number(std::uint32_t{0}); // and from the top
        // A time is a fraction of two numbers of 16 bits.
        const int time = i + 1 < frames.size() ? times.each : times.last;
        const bool fits = time <= 0xffff;
        png.number(static_cast<std::uint16_t>(fits ? time : time / 10));
        png.number(static_cast<std::uint16_t>(fits ? 1000 : 100));
        png.byte(0); // it stays until the next frame
        png.byte(0); // which replaces it
        png.end();
        // The first frame is also the picture of programs that do not know the format.
        png.begin(i == 0 ? "IDAT" : "fdAT");
        if (i > 0) png.number(sequence++);
        png.append(detail::png_image_data(frames[i]));
        png.end();
    }
    png.begin("IEND");
    png.end();
    return png.take();
}

#ifdef CTGAN_WITH_GIF
inline namespace with_giflib {
#else
inline namespace without_giflib {
#endif

CTGAN_IO_FUNCTION bool writes_gif() {
#ifdef CTGAN_WITH_GIF
    return true;
#else
    return false;
#endif
}

CTGAN_IO_FUNCTION void require_animation_name(const std::filesystem::path& path) {
    const auto ending = path.extension();
    if (ending != ".png" && ending != ".gif")
        throw Error(path,
                    "a name that ends with " + (ending.empty() ? "nothing" : in_quotes(ending.string())),
                    "'.gif' or '.png'");
    if (ending == ".gif" && !writes_gif())
        throw Error(path, "a program that was built without giflib",
                    "one with it, or a name that ends with '.png'");
}

CTGAN_IO_FUNCTION void write_animation(const std::filesystem::path& path, std::span<const Picture> frames,
                                       FrameTimes times) {
    require_animation_name(path);
#ifdef CTGAN_WITH_GIF
    if (path.extension() == ".gif") {
        detail::check_frames(frames, times);
        return write_atomically(path, detail::encode_gif(frames, times));
    }
#endif
    write_atomically(path, encode_apng(frames, times));
}

} // namespace with_giflib or without_giflib

} // namespace ctgan::inline CTGAN_ABI::io
