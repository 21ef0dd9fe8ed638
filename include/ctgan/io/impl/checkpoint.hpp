#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/impl/safetensors_write.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system_paths.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

inline constexpr std::string_view checkpoint_format = "ctgan-checkpoint", checkpoint_version = "1";
inline constexpr std::string_view checksum_name = "checksum";
inline constexpr std::size_t checksum_size = 4;

CTGAN_IO_FUNCTION void require_metadata(const SafetensorsFile& file, const char* key,
                                        std::string_view expected) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end())
        throw Error(file.path(), "no " + in_quotes(key) + " in __metadata__, as in a file of weights alone",
                    "a checkpoint");
    if (found->second != expected)
        throw Error(file.path(), std::string(key) + " " + in_quotes(found->second), in_quotes(expected));
}

/// Whether the file does not exist, or its last four bytes are not the checksum of the bytes before them.
/// Throws Error if the file cannot be read.
CTGAN_IO_FUNCTION bool is_missing_or_damaged(const std::filesystem::path& path) {
    if (!paths::exists(path)) return true;
    InputFile input(path, "a checkpoint");
    if (input.size() < checksum_size) return true;
    Checksum sum;
    std::vector<std::byte> buffer(std::size_t{1} << 16);
    for (std::uint64_t left = input.size() - checksum_size; left > 0;) {
        const auto chunk =
            std::span(buffer).first(size_in_memory(std::min<std::uint64_t>(buffer.size(), left)));
        input.read_exactly(chunk);
        sum.add(chunk);
        left -= chunk.size();
    }
    std::array<std::byte, checksum_size> stored{};
    input.read_exactly(stored);
    return stored != sum.bytes();
}

} // namespace detail

CTGAN_IO_FUNCTION std::filesystem::path previous_of(const std::filesystem::path& path) {
    std::filesystem::path name = path.stem();
    name += ".previous";
    name += path.extension();
    return std::filesystem::path(path).replace_filename(name);
}

CTGAN_IO_FUNCTION void write_checkpoint(const std::filesystem::path& path,
                                        std::span<const TensorToWrite> tensors,
                                        SafetensorsFile::Metadata metadata) {
    // The previous checkpoint would be kept next to the target of the link, where previous_of(path) does not
    // find it.
    std::error_code no_link;
    if (detail::paths::is_symlink(path, no_link))
        throw Error(path, "a symbolic link", "a regular file, or a name that is free");
    metadata.insert_or_assign("format", std::string(detail::checkpoint_format));
    metadata.insert_or_assign("version", std::string(detail::checkpoint_version));
    Checksum so_far;
    std::array<std::byte, detail::checksum_size> at_the_end{};
    std::vector<TensorToWrite> all(tensors.begin(), tensors.end());
    // This tensor is written last: tensors are ordered from wide to narrow types, no type is narrower than
    // U8, and tensors of the same width keep their order.
    all.push_back(
        {std::string(detail::checksum_name), Dtype::U8, {detail::checksum_size}, {}, [&](std::uint64_t) {
             at_the_end = so_far.bytes();
             return std::span<const std::byte>(at_the_end);
         }});
    const detail::SafetensorsLayout layout = detail::lay_out(path, all, metadata);
    detail::PendingFile file(path, layout.file_size);
    detail::write_chunks(path, layout, [&](std::span<const std::byte> bytes) {
        so_far.add(bytes);
        file.write(bytes);
    });
    file.publish(previous_of(path).filename());
}

CTGAN_IO_FUNCTION bool is_checkpoint(const SafetensorsFile& file) {
    const auto format = file.metadata().find("format");
    return format != file.metadata().end() && format->second == detail::checkpoint_format;
}

CTGAN_IO_FUNCTION void require_whole_checkpoint(const SafetensorsFile& file) {
    detail::require_metadata(file, "format", detail::checkpoint_format);
    detail::require_metadata(file, "version", detail::checkpoint_version);
    const TensorView& stored = file.tensor(detail::checksum_name);
    const auto is_last = [&](const auto& other) { return other.second.offset <= stored.offset; };
    if (stored.bytes.size() != detail::checksum_size ||
        !std::all_of(file.tensors().begin(), file.tensors().end(), is_last))
        throw Error(file.path(), stored.offset, counted(stored.bytes.size(), "byte") + " of checksum",
                    "4, the last of the file");
    if (const Checksum sum = file.checksum_before(stored.offset);
        !std::ranges::equal(stored.bytes, sum.bytes()))
        throw Error(file.path(), stored.offset, "a checksum that differs",
                    sum.text() + " for the bytes before it: the file is damaged");
}

CTGAN_IO_FUNCTION SafetensorsFile open_checkpoint(const std::filesystem::path& path) {
    SafetensorsFile file = SafetensorsFile::open(path);
    require_whole_checkpoint(file);
    return file;
}

CTGAN_IO_FUNCTION LatestCheckpoint open_latest_checkpoint(const std::filesystem::path& path) {
    std::string latest_error;
    try {
        return {open_checkpoint(path), ""};
    } catch (const Error& error) {
        const auto previous = previous_of(path);
        if (!detail::paths::exists(previous) || !detail::is_missing_or_damaged(path)) throw;
        latest_error = error.what();
    }
    try {
        return {open_checkpoint(previous_of(path)), latest_error};
    } catch (const Error& error) {
        throw std::runtime_error(latest_error + "; and " + error.what());
    }
}

} // namespace ctgan::inline CTGAN_ABI::io
