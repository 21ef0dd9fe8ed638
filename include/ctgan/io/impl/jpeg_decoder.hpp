#pragma once

#include <ctgan/core/config.hpp>

#ifdef CTGAN_WITH_JPEG

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#    if !__has_include(<jpeglib.h>)
#        include <ctgan needs libjpeg-turbo for JPEG files: install libjpeg-dev or libjpeg-turbo and name its folder with -isystem>
#    endif
#    include <cstddef>
#    include <cstdio>
// clang-format off
#    include <jpeglib.h> // which needs <cstdio>
#    include <jerror.h>
// clang-format on

#    include <algorithm>
#    include <array>
#    include <csetjmp>
#    include <cstdint>
#    include <span>
#    include <string_view>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// Decodes a JPEG file in memory into gray, RGB or, as Adobe's programs write it, inverted CMYK bytes.
/// Functions that call setjmp() have no objects with a destructor.
class JpegDecoder {
  public:
    explicit JpegDecoder(std::span<const std::byte> bytes) {
        jpeg_.err = ::jpeg_std_error(&errors_);
        jpeg_.client_data = this;
        errors_.error_exit = &JpegDecoder::fail;
        errors_.emit_message = &JpegDecoder::warn;
        progress_.progress_monitor = &JpegDecoder::watch;
        begin(bytes.data(), bytes.size());
    }
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;
    ~JpegDecoder() { ::jpeg_destroy_decompress(&jpeg_); }

    /// Reads what comes before the pixels. False after an error.
    bool read_header() {
        if (failed_) return false;
        if (setjmp(jump_)) return false; // NOLINT(cert-err52-cpp): libjpeg's way
        ::jpeg_read_header(&jpeg_, TRUE);
        return true;
    }
    std::size_t width() const { return jpeg_.image_width; }
    std::size_t height() const { return jpeg_.image_height; }
    /// 1, 3 or 4 in a picture that read_pixels() takes.
    std::size_t channels() const { return static_cast<std::size_t>(jpeg_.num_components); }

    /// Reads the pixels: height() rows of width() * channels() bytes. False after an error.
    bool read_pixels(std::uint8_t* pixels) {
        if (setjmp(jump_)) return false; // NOLINT(cert-err52-cpp)
        jpeg_.progress = &progress_;
        jpeg_.out_color_space = channels() == 1 ? JCS_GRAYSCALE : channels() == 3 ? JCS_RGB : JCS_CMYK;
        ::jpeg_start_decompress(&jpeg_);
        while (jpeg_.output_scanline < jpeg_.output_height) {
            JSAMPROW row = pixels + std::size_t{jpeg_.output_scanline} * width() * channels();
            ::jpeg_read_scanlines(&jpeg_, &row, 1);
        }
        ::jpeg_finish_decompress(&jpeg_);
        return true;
    }

    /// What libjpeg said of the error.
    std::string_view message() const { return message_.data(); }

  private:
    void begin(const std::byte* bytes, std::size_t count) {
        if (setjmp(jump_)) return; // NOLINT(cert-err52-cpp)
        ::jpeg_create_decompress(&jpeg_);
        // Versions differ in whether they take a pointer to const.
        auto* const data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes));
        ::jpeg_mem_src(&jpeg_, data, static_cast<unsigned long>(count));
    }

    static JpegDecoder& of(j_common_ptr jpeg) { return *static_cast<JpegDecoder*>(jpeg->client_data); }
    [[noreturn]] static void fail(j_common_ptr jpeg) {
        JpegDecoder& decoder = of(jpeg);
        decoder.failed_ = true;
        jpeg->err->format_message(jpeg, decoder.message_.data());
        std::longjmp(decoder.jump_, 1); // NOLINT(cert-err52-cpp)
    }
    /// libjpeg fills what is missing or damaged with something, and only warns.
    static void warn(j_common_ptr jpeg, int level) {
        if (level >= 0) return;
        const int code = jpeg->err->msg_code;
        for (const int damage : {JWRN_JPEG_EOF, JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_ARITH_BAD_CODE,
                                 JWRN_MUST_RESYNC, JWRN_BOGUS_PROGRESSION})
            if (code == damage) fail(jpeg);
    }
    /// A small file can have thousands of scans, each of which takes as long as a picture. Programs write
    /// some ten.
    static void watch(j_common_ptr jpeg) {
        JpegDecoder& decoder = of(jpeg);
        const std::size_t most_scans =
            std::clamp<std::size_t>(500'000'000 / (decoder.width() * decoder.height()), 30, 500);
        if (static_cast<std::size_t>(decoder.jpeg_.input_scan_number) <= most_scans) return;
        constexpr std::string_view text = "more scans than any program writes";
        *std::copy(text.begin(), text.end(), decoder.message_.begin()) = '\0';
        decoder.failed_ = true;
        std::longjmp(decoder.jump_, 1); // NOLINT(cert-err52-cpp)
    }

    jpeg_decompress_struct jpeg_{};
    jpeg_error_mgr errors_{};
    jpeg_progress_mgr progress_{};
    std::jmp_buf jump_{};
    bool failed_ = false;
    std::array<char, JMSG_LENGTH_MAX> message_{};
};

} // namespace ctgan::inline CTGAN_ABI::io::detail

#endif
