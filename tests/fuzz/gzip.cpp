/// ByteSource: the content is the same whatever the size of each read, or is refused with an Error. Also IDX
/// files in gzip data.

#include <ctgan/io/byte_source.hpp>
#include <ctgan/io/idx.hpp>

#include <zlib.h>

#include "memory_file.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

constexpr std::size_t max_content = std::size_t{1} << 14; ///< in bytes: 4 KB of gzip data can expand to 4 MB

/// The whole content, read `step` bytes at a time; empty if it is refused or longer than `max_content`.
std::optional<std::vector<std::byte>> content(const std::filesystem::path& path, std::size_t step) {
    try {
        ctgan::io::ByteSource source{ctgan::io::InputFile(path, "anything")};
        std::vector<std::byte> read;
        std::size_t got = 0;
        do {
            if (read.size() > max_content) return std::nullopt;
            read.resize(read.size() + step);
            got = source.read(std::span(read).last(step));
            read.resize(read.size() - step + got);
            fuzz::require(source.position() == read.size(), "the position counts what was read");
        } while (got == step);
        source.require_end();
        source.rewind();
        std::vector<std::byte> again(read.size() + 1);
        fuzz::require(source.read(again) == read.size() &&
                          std::ranges::equal(std::span(again).first(read.size()), read),
                      "the same content after rewinding");
        return read;
    } catch (const ctgan::io::Error&) {
        return std::nullopt;
    }
}

/// Pictures are accepted only if they are the whole content after their header.
void read_as_idx(const std::filesystem::path& path, const std::optional<std::vector<std::byte>>& content) {
    try {
        const auto images = ctgan::io::read_idx_images(path, {2, 3});
        fuzz::note_accepted();
        constexpr std::size_t header_size = 16;
        if (images.pixels.size() > max_content - header_size) return;
        fuzz::require(content && content->size() == header_size + images.pixels.size() &&
                          std::ranges::equal(std::span(*content).subspan(header_size),
                                             std::as_bytes(std::span(images.pixels))),
                      "pictures that are the whole content");
    } catch (const ctgan::io::Error&) {
    }
}

/// The content of gzip data according to zlib; empty if zlib refuses it or if it is longer than
/// `max_content`.
std::optional<std::vector<std::uint8_t>> inflated(std::span<const std::uint8_t> compressed) {
    static z_stream stream = [] {
        z_stream created{};
        inflateInit2(&created, 15 + 16);
        return created;
    }();
    inflateReset(&stream);
    std::vector<std::uint8_t> result(max_content);
    stream.next_in = const_cast<Bytef*>(compressed.data());
    stream.avail_in = static_cast<uInt>(compressed.size());
    stream.next_out = result.data();
    stream.avail_out = static_cast<uInt>(result.size());
    if (inflate(&stream, Z_FINISH) != Z_STREAM_END) return std::nullopt;
    result.resize(result.size() - stream.avail_out);
    return result;
}

/// Writes gzip data with this content; returns its size, or 0 if it does not fit.
std::size_t deflate_into(std::span<std::uint8_t> out, std::span<const std::uint8_t> content) {
    static z_stream stream = [] {
        z_stream created{};
        deflateInit2(&created, 1, Z_DEFLATED, 9 + 16, 1,
                     Z_DEFAULT_STRATEGY); // the smallest tables: fast to reset
        return created;
    }();
    deflateReset(&stream);
    stream.next_in = const_cast<Bytef*>(content.data());
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    return deflate(&stream, Z_FINISH) == Z_STREAM_END ? out.size() - stream.avail_out : 0;
}

} // namespace

/// Every other time mutates the content and not the compressed bytes, because a random change of these would
/// hardly ever have the right checksum.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    if (seed % 2 == 0)
        if (auto inner = inflated({data, size})) {
            const std::size_t before = std::min(inner->size(), max_size);
            inner->resize(max_size);
            const std::size_t after = LLVMFuzzerMutate(inner->data(), before, max_size);
            if (const std::size_t written = deflate_into({data, max_size}, std::span(*inner).first(after)))
                return written;
        }
    return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fuzz::MemoryFile file;
    file.put(std::as_bytes(std::span(data, size)));
    const auto at_once = content(file.path(), max_content + 1);
    const auto in_steps = content(file.path(), 1 + (at_once ? at_once->size() : max_content) / 16);
    fuzz::require(at_once == in_steps, "the same content in steps");
    read_as_idx(file.path(), at_once);
    return 0;
}
