#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#if !__has_include(<zlib.h>)
#    include <ctgan needs zlib for files: install zlib1g-dev or zlib and name its folder with -isystem>
#endif
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// The content of a file, plain or gzip-compressed. The file's first two bytes decide which, not its name.
/// Gzip data may have several members, whose contents follow each other, and zeros after the last one, as
/// gzip accepts them.
///
/// This class drives zlib's inflate itself, because gzread accepts a file without its trailer, and garbage
/// after the last member.
class ByteSource {
  public:
    /// Reads the content of `file`, from which nothing has been read yet. Throws Error if reading fails.
    explicit ByteSource(InputFile file) : file_(std::move(file)), buffer_(buffer_size) {
        refill();
        if (ahead_.size() >= 2 && gzip_is_ahead()) {
            inflater_.reset(new z_stream{});
            constexpr int gzip_of_any_window = 15 + 16;
            if (inflateInit2(inflater_.get(), gzip_of_any_window) != Z_OK) throw std::bad_alloc();
        }
    }

    /// Whether the file is gzip-compressed.
    bool compressed() const { return inflater_ != nullptr; }
    /// The path of the file.
    const std::filesystem::path& path() const { return file_.path(); }

    /// The size of the file itself, compressed or not, in bytes.
    std::uint64_t file_size() const { return file_.size(); }

    /// The number of content bytes read so far, counted after inflating if the file is compressed.
    std::uint64_t position() const { return position_; }

    /// What position() counts in, for messages: "inflated data" if the file is compressed, else "file".
    std::string content_name() const { return compressed() ? "inflated data" : "file"; }

    /// Reads the next bytes of content. Returns how many: fewer than `out` holds only at the end of the
    /// content. Throws Error if reading fails, or if compressed data is damaged or cut off.
    std::size_t read(std::span<std::byte> out) {
        const std::size_t got = compressed() ? read_compressed(out) : read_plain(out);
        position_ += got;
        return got;
    }

    /// Whether the content seems to have `length` bytes: a plain file has that size, or the last gzip member
    /// has that length. It inflates nothing, so call it before allocating memory. It says nothing certain:
    /// the data may be damaged, and if there are several members, or zeros after the last one, it returns
    /// false.
    bool seems_to_hold(std::uint64_t length) const {
        if (!compressed()) return file_.size() == length;
        std::array<std::byte, 4> field{};
        if (!file_.peek_end(field)) return false;
        std::uint32_t length_modulo_32_bits = 0;
        for (std::size_t i = field.size(); i-- > 0;)
            length_modulo_32_bits = length_modulo_32_bits << 8 | std::to_integer<std::uint32_t>(field[i]);
        return length_modulo_32_bits == static_cast<std::uint32_t>(length);
    }

    /// Reads and drops the content up to `position`. Returns false if it ends before.
    bool skip_to(std::uint64_t position) {
        std::vector<std::byte> scratch(
            detail::size_in_memory(std::min<std::uint64_t>(buffer_size, position - position_)));
        while (position_ < position) {
            const auto step = std::min<std::uint64_t>(scratch.size(), position - position_);
            if (read(std::span(scratch).first(detail::size_in_memory(step))) != step) return false;
        }
        return true;
    }

    /// Continues at the start of the content. Throws Error if that fails.
    void rewind() {
        file_.rewind();
        ahead_ = {};
        position_ = input_consumed_ = 0;
        at_end_ = false;
        if (compressed()) begin_member();
    }

    /// Throws Error unless the content ends at the current position.
    void require_end() {
        std::array<std::byte, 1> extra{};
        const std::uint64_t end = position_;
        if (read(extra) == 0) return;
        const std::string found =
            compressed() ? "more inflated data" : counted(file_.size() - end, "more byte");
        throw Error(path(), end, found, "the end of the " + content_name());
    }

  private:
    struct EndInflate {
        void operator()(z_stream* stream) const {
            inflateEnd(stream);
            delete stream;
        }
    };

    void refill() { ahead_ = std::span(buffer_).first(file_.read(buffer_)); }

    /// Whether the next bytes of the file are those of a gzip member, as far as the file has that many.
    bool gzip_is_ahead() const {
        return !ahead_.empty() && ahead_[0] == std::byte{0x1f} &&
               (ahead_.size() == 1 || ahead_[1] == std::byte{0x8b});
    }

    void consume(std::size_t count) {
        ahead_ = ahead_.subspan(count);
        input_consumed_ += count;
    }

    std::size_t read_plain(std::span<std::byte> out) {
        const std::size_t buffered = (std::min)(out.size(), ahead_.size());
        std::copy_n(ahead_.begin(), buffered, out.begin());
        consume(buffered);
        return buffered + file_.read(out.subspan(buffered));
    }

    std::size_t read_compressed(std::span<std::byte> out) {
        std::size_t filled = 0;
        while (filled < out.size() && !at_end_) {
            if (ahead_.empty()) refill();
            const std::size_t space =
                std::min<std::size_t>(out.size() - filled, (std::numeric_limits<uInt>::max)());
            inflater_->next_in = reinterpret_cast<Bytef*>(ahead_.data());
            inflater_->avail_in = static_cast<uInt>(ahead_.size());
            inflater_->next_out = reinterpret_cast<Bytef*>(out.data() + filled);
            inflater_->avail_out = static_cast<uInt>(space);
            const int result = inflate(inflater_.get(), Z_NO_FLUSH);
            consume(ahead_.size() - inflater_->avail_in);
            filled += space - inflater_->avail_out;
            check(result);
        }
        return filled;
    }

    void check(int result) {
        switch (result) {
        case Z_OK:
            return;
        case Z_STREAM_END:
            end_member();
            return;
        case Z_MEM_ERROR:
            throw std::bad_alloc();
        case Z_BUF_ERROR: // No progress: inflate has used up its input, and the file has no more.
            throw Error(path(), input_consumed_, "the end of the file",
                        "the rest of the gzip data, which ends in an 8-byte trailer");
        default:
            throw Error(path(), input_consumed_,
                        std::string("damaged gzip data (") +
                            (inflater_->msg ? inflater_->msg : "no cause given") + ")",
                        "gzip data that passes its own checks");
        }
    }

    void begin_member() {
        if (inflateReset(inflater_.get()) != Z_OK) throw std::bad_alloc();
    }

    /// Begins the next member, or finds the end of the file. Throws Error if something else follows.
    void end_member() {
        if (ahead_.size() < 2) { // the member's first two bytes may be in different buffers
            const std::size_t kept = ahead_.size();
            std::copy_n(ahead_.begin(), kept, buffer_.begin());
            ahead_ = std::span(buffer_).first(kept + file_.read(std::span(buffer_).subspan(kept)));
        }
        if (gzip_is_ahead()) return begin_member();
        const std::uint64_t end_of_data = input_consumed_;
        for (;;) {
            const auto zeros =
                std::find_if(ahead_.begin(), ahead_.end(), [](std::byte b) { return b != std::byte{0}; });
            consume(static_cast<std::size_t>(zeros - ahead_.begin()));
            if (!ahead_.empty()) break;
            refill();
            if (ahead_.empty()) {
                at_end_ = true;
                return;
            }
        }
        // The file may have grown since it was opened.
        const std::uint64_t end = (std::max)(file_.size(), input_consumed_ + ahead_.size());
        const bool padded = input_consumed_ > end_of_data;
        throw Error(path(), input_consumed_,
                    counted(end - input_consumed_, "byte") + " after the " +
                        (padded ? "zeros that follow the gzip data" : "gzip data"),
                    padded ? "the end of the file" : "the end of the file or another gzip member");
    }

    static constexpr std::size_t buffer_size = std::size_t{1} << 16;

    InputFile file_;
    std::vector<std::byte> buffer_;
    std::span<std::byte> ahead_; // bytes of the file that are in buffer_ and not yet consumed
    std::unique_ptr<z_stream, EndInflate> inflater_;
    bool at_end_ = false; // of compressed content
    std::uint64_t input_consumed_ = 0;
    std::uint64_t position_ = 0;
};

} // namespace ctgan::inline CTGAN_ABI::io
