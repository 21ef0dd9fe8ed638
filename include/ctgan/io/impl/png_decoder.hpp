#pragma once

#include <ctgan/core/config.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#if !__has_include(<png.h>)
#    include <ctgan needs libpng for pictures: install libpng-dev or libpng and name its folder with -isystem>
#endif
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// Decodes a PNG file in memory into gray or RGB bytes. libpng's simplified interface, which read_png() uses,
/// would apply the file's gamma and blend transparent pixels; Pillow does neither. Functions that call
/// setjmp() have no objects with a destructor.
class PngDecoder {
  public:
    explicit PngDecoder(std::span<const std::byte> bytes) : left_(bytes) {
        png_ = ::png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &PngDecoder::fail,
                                        [](png_structp, png_const_charp) {});
        if (png_) info_ = ::png_create_info_struct(png_);
        if (!info_) {
            ::png_destroy_read_struct(&png_, nullptr, nullptr);
            throw std::bad_alloc();
        }
        ::png_set_read_fn(png_, this, &PngDecoder::take);
    }
    PngDecoder(const PngDecoder&) = delete;
    PngDecoder& operator=(const PngDecoder&) = delete;
    ~PngDecoder() { ::png_destroy_read_struct(&png_, &info_, nullptr); }

    /// Reads what comes before the pixels. False after an error.
    bool read_header() {
        if (setjmp(png_jmpbuf(png_))) return false; // NOLINT(cert-err52-cpp): libpng's way
        ::png_read_info(png_, info_);
        return true;
    }
    std::size_t width() const { return ::png_get_image_width(png_, info_); }
    std::size_t height() const { return ::png_get_image_height(png_, info_); }
    std::size_t channels() const {
        return (::png_get_color_type(png_, info_) & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1;
    }

    /// Reads the pixels: height() rows of width() * channels() bytes. False after an error.
    bool read_pixels(std::uint8_t* pixels) {
        const std::size_t row = width() * channels();
        if (setjmp(png_jmpbuf(png_))) return false; // NOLINT(cert-err52-cpp)
        ::png_set_expand(png_);                     // palettes, and less than 8 bits
        ::png_set_strip_16(png_);
        ::png_set_strip_alpha(png_);
        const int passes = ::png_set_interlace_handling(png_);
        ::png_read_update_info(png_, info_);
        if (::png_get_rowbytes(png_, info_) != row) ::png_error(png_, "rows of another size");
        for (int pass = 0; pass < passes; ++pass)
            for (std::size_t y = 0; y < height(); ++y) ::png_read_row(png_, pixels + y * row, nullptr);
        ::png_read_end(png_, nullptr);
        return true;
    }

    /// What libpng said of the error.
    std::string_view message() const { return message_.data(); }

  private:
    [[noreturn]] static void fail(png_structp png, png_const_charp message) {
        auto& text = static_cast<PngDecoder*>(::png_get_error_ptr(png))->message_;
        const std::size_t length = (std::min)(std::strlen(message), text.size() - 1);
        std::copy_n(message, length, text.data());
        text[length] = '\0';
        ::png_longjmp(png, 1);
    }
    static void take(png_structp png, png_bytep to, std::size_t count) {
        auto& left = static_cast<PngDecoder*>(::png_get_io_ptr(png))->left_;
        if (left.size() < count) ::png_error(png, "the end of the file");
        std::memcpy(to, left.data(), count);
        left = left.subspan(count);
    }

    std::span<const std::byte> left_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    std::array<char, 200> message_{};
};

} // namespace ctgan::inline CTGAN_ABI::io::detail
