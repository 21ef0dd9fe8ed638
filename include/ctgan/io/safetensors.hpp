#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/foreign_format.hpp>
#include <ctgan/io/safetensors_convert.hpp>
#include <ctgan/io/safetensors_dtype.hpp>
#include <ctgan/io/safetensors_header.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// A tensor in a SafetensorsFile; valid as long as that object exists.
struct TensorView {
    Dtype dtype;                      ///< type of the elements
    std::vector<std::uint64_t> shape; ///< as in PyTorch; empty for a single value
    std::span<const std::byte> bytes; ///< the elements, little-endian, perhaps not aligned for their type
    std::uint64_t offset;             ///< position of the first byte, from the start of the file
};

/// A safetensors file, read into memory as a whole and checked: all sizes agree with each other and with the
/// size of the file.
class SafetensorsFile {
  public:
    /// The tensors by name.
    using Tensors = std::map<std::string, TensorView, std::less<>>;
    /// The entries of the file's __metadata__ by key.
    using Metadata = std::map<std::string, std::string, std::less<>>;

    /// Reads the file. Throws Error unless it is a well-formed safetensors file whose tensors have at
    /// most 8 dimensions and a type of Dtype. Memory for the data is allocated only after the header has been
    /// checked, and all memory together never exceeds the size of the file by more than 64 MB.
    static SafetensorsFile open(const std::filesystem::path& path) {
        // The file is not mapped into memory: if another process shortened it then, this program would be
        // killed.
        InputFile input(path, "a safetensors file");
        SafetensorsFile file(path, read_header(input));
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

    // Moving leaves the bytes in place, but the views of a copy would point into the original: no copies.
    /// Views of the tensors stay valid.
    SafetensorsFile(SafetensorsFile&&) = default;
    /// Views of the moved file's tensors stay valid.
    SafetensorsFile& operator=(SafetensorsFile&&) = default;

    /// The path passed to open().
    const std::filesystem::path& path() const { return path_; }
    /// All tensors of the file.
    const Tensors& tensors() const { return tensors_; }
    /// The file's __metadata__; empty if it has none.
    const Metadata& metadata() const { return metadata_; }

    /// The tensor with that name. Throws Error if there is none.
    const TensorView& tensor(std::string_view name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) throw Error(path_, "no tensor " + in_quotes(name), "one");
        return found->second;
    }

    /// The elements of a tensor, converted to T; F16 and BF16 become floats without rounding. Throws Error if
    /// there is no such tensor, or if an element is outside T's range or, for an integer type T, not a whole
    /// number. In floating point, infinities and NaN are kept.
    template <class T>
    std::vector<T> values(std::string_view name) const {
        const TensorView& view = tensor(name);
        std::vector<T> result(view.bytes.size() / size_of(view.dtype));
        const auto failed_at = detail::convert<T>(view.dtype, view.bytes, result);
        if (failed_at)
            throw Error(path_, view.offset + *failed_at * size_of(view.dtype),
                        "a number in tensor " + in_quotes(name) + " that the program's type cannot hold",
                        detail::range_text<T>());
        return result;
    }

    /// The value of a tensor with one element, converted to T. Throws Error as values() does, and if the
    /// tensor does not have exactly one element.
    template <class T>
    T value(std::string_view name) const {
        const TensorView& view = tensor(name);
        const std::size_t count = view.bytes.size() / size_of(view.dtype);
        if (count != 1)
            throw Error(path_, view.offset, counted(count, "number") + " in tensor " + in_quotes(name), "1");
        return values<T>(name)[0];
    }

    /// The checksum of the bytes of the file, as they were read, before `offset`, which must be the offset of
    /// a tensor.
    Checksum checksum_before(std::uint64_t offset) const {
        Checksum sum;
        const std::uint64_t length = header_.size();
        sum.add(std::as_bytes(std::span(&length, 1)));
        sum.add(std::as_bytes(std::span(header_)));
        sum.add(std::span(data_).first(detail::size_in_memory(offset - data_start())));
        return sum;
    }

  private:
    static constexpr std::size_t length_field = 8; ///< bytes of the header's length, before the header

    SafetensorsFile(std::filesystem::path path, std::string header)
        : path_(std::move(path)), header_(std::move(header)) {}

    std::uint64_t data_start() const { return length_field + header_.size(); }

    /// Throws Error if the file's first bytes are those of another format.
    static void refuse_foreign(const InputFile& input) {
        std::array<std::byte, bytes_that_tell_a_format> start{};
        const ForeignFormat format = foreign_format(std::span(start).first(input.peek_start(start)));
        if (format.name.empty()) return;
        std::string expected = "a safetensors file";
        if (!format.as_weights.empty()) expected.append(": ").append(format.as_weights);
        throw Error(input.path(), format.name, expected);
    }

    static std::string read_header(InputFile& input) {
        const std::filesystem::path& path = input.path();
        std::array<std::byte, length_field> field{};
        const std::size_t got = input.read(field);
        std::uint64_t length = 0;
        std::memcpy(&length, field.data(), length_field);
        const std::uint64_t most = (std::min)(
            longest_safetensors_header, input.size() - std::min<std::uint64_t>(input.size(), length_field));
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
        std::string header(detail::size_in_memory(length), ' ');
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

    std::filesystem::path path_;
    std::string header_;
    std::vector<std::byte> data_;
    Tensors tensors_;
    Metadata metadata_;
};

} // namespace ctgan::inline CTGAN_ABI::io
