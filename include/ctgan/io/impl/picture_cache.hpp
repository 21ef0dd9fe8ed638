#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system_paths.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// A picture that was left out: its place among the files, and why.
struct SkippedPicture {
    std::uint32_t number;
    std::string line;
};

/// What the cache of a folder of pictures holds.
///
/// The file: 16 bytes that name the format; four lengths of 64 bits, lowest byte first, of what follows: the
/// key, the pixels, the numbers of skipped pictures (32 bits each), and their lines, which end with '\n';
/// then the CRC-32 of all that.
struct PictureCache {
    std::string key; ///< what the pixels were made of, and how
    std::vector<std::uint8_t> pixels;
    std::vector<SkippedPicture> skipped;
};

inline constexpr std::string_view picture_cache_magic = "ctgan pictures 1";

using PictureCacheHeader = std::array<std::byte, 16 + 4 * 8>;

CTGAN_IO_FUNCTION PictureCacheHeader picture_cache_header(const std::array<std::uint64_t, 4>& lengths) {
    PictureCacheHeader header{};
    std::memcpy(header.data(), picture_cache_magic.data(), picture_cache_magic.size());
    for (std::size_t i = 0; i < lengths.size(); ++i)
        for (std::size_t k = 0; k < 8; ++k)
            header[16 + 8 * i + k] = static_cast<std::byte>(lengths[i] >> (8 * k) & 0xff);
    return header;
}

/// Throws Error unless the name is free or that of a cache: what else is there must not be lost, and a link
/// may lead to anything.
CTGAN_IO_FUNCTION void require_replaceable(const std::filesystem::path& path) {
    std::error_code ignored;
    const bool is_link = paths::is_symlink(path, ignored);
    if (!is_link && !paths::exists(path)) return;
    std::array<std::byte, picture_cache_magic.size()> start{};
    if (!is_link && InputFile(path, "a cache of pictures").peek_start(start) == start.size() &&
        std::memcmp(start.data(), picture_cache_magic.data(), start.size()) == 0)
        return;
    throw Error(path, is_link ? "a symbolic link" : "another file",
                "a cache of pictures, or a name that is free");
}

/// Writes a cache, all or nothing. Throws Error if that fails.
CTGAN_IO_FUNCTION void write_picture_cache(const std::filesystem::path& path, const PictureCache& cache) {
    std::vector<std::byte> numbers;
    std::string lines;
    for (const SkippedPicture& skipped : cache.skipped) {
        for (int shift = 0; shift < 32; shift += 8)
            numbers.push_back(static_cast<std::byte>(skipped.number >> shift & 0xff));
        lines.append(skipped.line).append("\n");
    }
    const auto header =
        picture_cache_header({cache.key.size(), cache.pixels.size(), numbers.size(), lines.size()});
    const std::array<std::span<const std::byte>, 5> content{header, std::as_bytes(std::span(cache.key)),
                                                            std::as_bytes(std::span(cache.pixels)), numbers,
                                                            std::as_bytes(std::span(lines))};
    Checksum sum;
    for (const auto& part : content) sum.add(part);
    const auto checksum = sum.bytes();
    std::vector<std::span<const std::byte>> parts(content.begin(), content.end());
    parts.emplace_back(checksum);
    write_atomically(path, parts);
}

/// Reads a cache, if there is one that is whole and was made with this key for pictures of `size` bytes,
/// which are those of `files` files but for the skipped ones.
CTGAN_IO_FUNCTION std::optional<PictureCache> read_picture_cache(const std::filesystem::path& path,
                                                                 std::string_view key, std::size_t size,
                                                                 std::size_t files) try {
    InputFile file(path, "a cache of pictures");
    PictureCacheHeader header{};
    file.read_exactly(header);
    std::array<std::uint64_t, 4> lengths{};
    std::uint64_t all = header.size() + 4;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        for (std::size_t k = 8; k-- > 0;)
            lengths[i] = lengths[i] << 8 | std::to_integer<std::uint64_t>(header[16 + 8 * i + k]);
        if (lengths[i] > file.size()) return std::nullopt; // so that the sum cannot overflow
        all += lengths[i];
    }
    const std::uint64_t skipped = lengths[2] / 4;
    if (header != picture_cache_header(lengths) || all != file.size() || lengths[0] != key.size() ||
        lengths[2] % 4 != 0 || skipped > files || lengths[1] != (files - skipped) * size)
        return std::nullopt;
    PictureCache cache;
    cache.key.resize(key.size());
    cache.pixels.resize(size_in_memory(lengths[1]));
    std::vector<std::uint8_t> numbers(size_in_memory(lengths[2]));
    std::string lines(size_in_memory(lengths[3]), '\0');
    Checksum sum;
    sum.add(header);
    const auto read = [&](std::span<std::byte> part) {
        file.read_exactly(part);
        sum.add(part);
    };
    read(std::as_writable_bytes(std::span(cache.key)));
    if (cache.key != key) return std::nullopt;
    read(std::as_writable_bytes(std::span(cache.pixels)));
    read(std::as_writable_bytes(std::span(numbers)));
    read(std::as_writable_bytes(std::span(lines)));
    std::array<std::byte, 4> checksum{};
    file.read_exactly(checksum);
    if (checksum != sum.bytes()) return std::nullopt;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < skipped; ++i) {
        std::uint32_t number = 0;
        for (std::size_t k = 4; k-- > 0;) number = number << 8 | numbers[4 * i + k];
        const std::size_t end = lines.find('\n', begin);
        const bool ascending = i == 0 || number > cache.skipped.back().number;
        if (number >= files || !ascending || end == std::string::npos) return std::nullopt;
        cache.skipped.push_back({number, lines.substr(begin, end - begin)});
        begin = end + 1;
    }
    return cache;
} catch (const Error&) {
    return std::nullopt; // as if there were none
}

} // namespace ctgan::inline CTGAN_ABI::io::detail
