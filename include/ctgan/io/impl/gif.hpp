#pragma once

#include <ctgan/core/config.hpp>

#ifdef CTGAN_WITH_GIF

#    include <ctgan/core/fail.hpp>
#    include <ctgan/io/picture.hpp>
#    include <ctgan/io/separate_compilation.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#    if !__has_include(<gif_lib.h>)
#        include <ctgan needs giflib for GIF files: install libgif-dev or giflib and name its folder with -isystem>
#    endif
#    include <algorithm>
#    include <array>
#    include <cstddef>
#    include <gif_lib.h>
#    include <memory>
#    include <span>
#    include <stdexcept>
#    include <string_view>
#    include <vector>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// Writes a GIF file into memory. An object is used once.
class GifWriter {
  public:
    explicit GifWriter(std::span<const Picture> frames) : frames_(frames) {
        const Picture& first = frames.front();
        constexpr std::size_t largest = 0xffff;
        if (first.channels != 1 || first.height > largest || first.width > largest)
            ctgan::detail::fail_with<std::invalid_argument>(
                {"write_animation: found a GIF of ", first.height, " x ", first.width, " pixels of ",
                 first.channels, " channels, expected 1 channel and at most ", largest,
                 " rows and columns; a PNG has no such limits"});
        int code = 0;
        file_ = ::EGifOpen(this, &GifWriter::write, &code);
        if (!file_) fail(code);
    }
    GifWriter(const GifWriter&) = delete;
    GifWriter& operator=(const GifWriter&) = delete;
    ~GifWriter() {
        int ignored = 0;
        if (file_) ::EGifCloseFile(file_, &ignored);
    }

    std::vector<std::byte> encode(const FrameTimes& times) {
        const int width = static_cast<int>(frames_[0].width), height = static_cast<int>(frames_[0].height);
        ::EGifSetGifVersion(file_, true); // 89a, which has animations
        std::array<GifColorType, 256> shades{};
        for (std::size_t i = 0; i < shades.size(); ++i) {
            const auto value = static_cast<GifByteType>(i);
            shades[i] = {value, value, value};
        }
        const std::unique_ptr<ColorMapObject, decltype(&::GifFreeMapObject)> palette(
            ::GifMakeMapObject(256, shades.data()), &::GifFreeMapObject);
        check(palette != nullptr);
        constexpr int bits = 8, background = 0;
        check(::EGifPutScreenDesc(file_, width, height, bits, background, palette.get()) != GIF_ERROR);
        // Netscape's extension, which all browsers know: how often the animation is repeated, 0 is for ever.
        constexpr std::string_view netscape = "NETSCAPE2.0";
        constexpr std::array<GifByteType, 3> repeats{1, 0, 0};
        check(::EGifPutExtensionLeader(file_, APPLICATION_EXT_FUNC_CODE) != GIF_ERROR);
        check(::EGifPutExtensionBlock(file_, static_cast<int>(netscape.size()), netscape.data()) !=
              GIF_ERROR);
        check(::EGifPutExtensionBlock(file_, static_cast<int>(repeats.size()), repeats.data()) != GIF_ERROR);
        check(::EGifPutExtensionTrailer(file_) != GIF_ERROR);
        std::vector<GifByteType> row(frames_[0].width); // giflib changes what it is given
        for (std::size_t i = 0; i < frames_.size(); ++i) {
            const int time = i + 1 < frames_.size() ? times.each : times.last;
            const GraphicsControlBlock control{DISPOSE_DO_NOT, false, time / 10, NO_TRANSPARENT_COLOR};
            std::array<GifByteType, 4> packed{};
            check(::EGifGCBToExtension(&control, packed.data()) == packed.size());
            check(::EGifPutExtension(file_, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(packed.size()),
                                     packed.data()) != GIF_ERROR);
            check(::EGifPutImageDesc(file_, 0, 0, width, height, false, nullptr) != GIF_ERROR);
            for (std::size_t y = 0; y < frames_[i].height; ++y) {
                std::copy_n(frames_[i].pixels.data() + y * row.size(), row.size(), row.data());
                check(::EGifPutLine(file_, row.data(), width) != GIF_ERROR);
            }
        }
        int code = 0;
        GifFileType* const file = file_;
        file_ = nullptr; // closing frees it, whether it succeeds or not
        if (::EGifCloseFile(file, &code) == GIF_ERROR) fail(code);
        return std::move(bytes_);
    }

  private:
    /// giflib is written in C, so no exception may pass through it.
    static int write(GifFileType* file, const GifByteType* data, int size) noexcept {
        auto& bytes = static_cast<GifWriter*>(file->UserData)->bytes_;
        const auto* const from = reinterpret_cast<const std::byte*>(data);
        try {
            bytes.insert(bytes.end(), from, from + size);
        } catch (...) {
            return 0; // which giflib reports as a failed write
        }
        return size;
    }
    void check(bool good) const {
        if (!good) fail(file_->Error);
    }
    [[noreturn]] static void fail(int code) {
        const char* const text = ::GifErrorString(code);
        ctgan::detail::fail_with<std::runtime_error>(
            {"write_animation: giflib: ", text ? text : "an unknown error"});
    }

    std::span<const Picture> frames_;
    std::vector<std::byte> bytes_;
    GifFileType* file_ = nullptr;
};

/// The frames as the bytes of a GIF file.
CTGAN_IO_FUNCTION std::vector<std::byte> encode_gif(std::span<const Picture> frames,
                                                    const FrameTimes& times) {
    return GifWriter(frames).encode(times);
}

} // namespace ctgan::inline CTGAN_ABI::io::detail

#endif
