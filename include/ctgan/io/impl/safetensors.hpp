#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/foreign_format.hpp>
#include <ctgan/io/impl/safetensors_header.hpp>
#include <ctgan/io/safetensors_dtype.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// The bytes of the header's length, in front of the header.
inline constexpr std::size_t length_field = 8;

/// Throws Error if the file's first bytes are those of another format.
CTGAN_IO_FUNCTION void refuse_foreign(const InputFile& input) {
    std::array<std::byte, bytes_that_tell_a_format> start{};
    const ForeignFormat format = foreign_format(std::span(start).first(input.peek_start(start)));
    if (format.name.empty()) return;
    std::string expected = "a safetensors file";
    if (!format.as_weights.empty()) expected.append(": ").append(format.as_weights);
    throw Error(input.path(), format.name, expected);
}

CTGAN_IO_FUNCTION std::string read_header(InputFile& input) {
    const std::filesystem::path& path = input.path();
    std::array<std::byte, length_field> field{};
    const std::size_t got = input.read(field);
    std::uint64_t length = 0;
    std::memcpy(&length, field.data(), length_field);
    const std::uint64_t most = (std::min)(longest_safetensors_header,
                                          input.size() - std::min<std::uint64_t>(input.size(), length_field));
    if (got < length_field || length < 2 || length > most) {
        refuse_foreign(input);
        if (got < length_field)
            throw Error(path, counted(got, "byte"), "a safetensors file's 8-byte header length");
        const std::string limit = length < 2 ? "at least 2"
                                  : most == longest_safetensors_header
                                      ? "at most " + std::to_string(most)
                                      : "at most the " + counted(most, "byte") + " that follow it";
        throw Error(path, 0, "a header length of " + std::to_string(length), limit);
    }
    std::string header(size_in_memory(length), ' ');
    input.read_exactly(std::as_writable_bytes(std::span(header)));
    // nlohmann's parser skips a byte order mark and takes NUL for the end of the text, so it would not
    // see what comes after it.
    const std::size_t first = header.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || header[first] != '{') {
        refuse_foreign(input); // its first bytes may happen to be a possible length
        throw Error(path, length_field + (first == std::string::npos ? 0 : first),
                    in_quotes(std::string_view(header).substr(first == std::string::npos ? 0 : first, 8)),
                    "a JSON object as the header");
    }
    // For its error messages, the parser stores each of these as eight characters.
    constexpr std::ptrdiff_t max_line_ends = 1 << 16;
    const auto line_ends =
        std::ranges::count_if(header, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
    if (line_ends > max_line_ends)
        throw Error(path, length_field, std::to_string(line_ends) + " line ends and tabs in the header",
                    "at most " + std::to_string(max_line_ends));
    if (const std::size_t nul = header.find('\0'); nul != std::string::npos)
        throw Error(path, length_field + nul, "a NUL in the header", "JSON text");
    return header;
}

} // namespace detail

CTGAN_IO_FUNCTION SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
CTGAN_IO_FUNCTION SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;
CTGAN_IO_FUNCTION SafetensorsFile::~SafetensorsFile() = default;

CTGAN_IO_FUNCTION SafetensorsFile::SafetensorsFile(std::filesystem::path path, std::string header)
    : path_(std::move(path)), header_(std::move(header)) {}

CTGAN_IO_FUNCTION std::uint64_t SafetensorsFile::data_start() const {
    return detail::length_field + header_.size();
}

CTGAN_IO_FUNCTION SafetensorsFile SafetensorsFile::open(const std::filesystem::path& path) {
    // The file is not mapped into memory: if another process shortened it then, this program would be
    // killed.
    InputFile input(path, "a safetensors file");
    SafetensorsFile file(path, detail::read_header(input));
    detail::HeaderReader reader(path);
    nlohmann::json::sax_parse(file.header_, &reader);
    detail::SafetensorsHeader parsed = reader.take();
    const std::uint64_t data_start = file.data_start();
    detail::check_layout(path, parsed, data_start, input.size() - data_start);

    file.data_.resize(detail::size_in_memory(input.size() - data_start));
    input.read_exactly(file.data_);
    input.require_unchanged();
    for (auto& [name, entry] : parsed.tensors) {
        const auto bytes = std::span<const std::byte>(file.data_)
                               .subspan(detail::size_in_memory(entry.begin()),
                                        detail::size_in_memory(entry.end() - entry.begin()));
        const std::uint64_t offset = data_start + entry.begin();
        file.tensors_.emplace_hint(file.tensors_.end(), name,
                                   TensorView{*entry.dtype, std::move(*entry.shape), bytes, offset});
    }
    file.metadata_ = std::move(parsed.metadata);
    return file;
}

CTGAN_IO_FUNCTION const TensorView& SafetensorsFile::tensor(std::string_view name) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) throw Error(path_, "no tensor " + in_quotes(name), "one");
    return found->second;
}

CTGAN_IO_FUNCTION void SafetensorsFile::require_single(std::string_view name) const {
    const TensorView& view = tensor(name);
    const std::size_t count = view.bytes.size() / size_of(view.dtype);
    if (count != 1)
        throw Error(path_, view.offset, counted(count, "number") + " in tensor " + in_quotes(name), "1");
}

CTGAN_IO_FUNCTION Checksum SafetensorsFile::checksum_before(std::uint64_t offset) const {
    Checksum sum;
    const std::uint64_t length = header_.size();
    sum.add(std::as_bytes(std::span(&length, 1)));
    sum.add(std::as_bytes(std::span(header_)));
    sum.add(std::span(data_).first(detail::size_in_memory(offset - data_start())));
    return sum;
}

#ifdef CTGAN_SEPARATE_COMPILATION
template std::vector<float> SafetensorsFile::values(std::string_view) const;
template std::vector<double> SafetensorsFile::values(std::string_view) const;
template std::vector<std::int64_t> SafetensorsFile::values(std::string_view) const;
#endif

} // namespace ctgan::inline CTGAN_ABI::io
