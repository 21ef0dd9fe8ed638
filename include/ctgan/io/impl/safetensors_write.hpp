#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/safetensors_dtype.hpp>
#include <ctgan/io/separate_compilation.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#if !__has_include(<nlohmann/json.hpp>)
#    include <ctgan needs nlohmann/json for files of weights: install nlohmann-json3-dev or nlohmann-json and name its folder with -isystem>
#endif
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// `text` as a JSON string. Throws Error if it is not UTF-8, because the file cannot be written then.
CTGAN_IO_FUNCTION std::string json_string(const std::filesystem::path& path, const std::string& text) {
    try {
        return nlohmann::json(text).dump();
    } catch (const nlohmann::json::type_error&) {
        throw Error(path, "the name or metadata " + in_quotes(text), "UTF-8");
    }
}

/// Throws Error unless `found` is the number of bytes that type and shape require. Returns that number.
CTGAN_IO_FUNCTION std::uint64_t check_size(const std::filesystem::path& path, const TensorToWrite& tensor,
                                           std::uint64_t found) {
    const auto bytes = byte_count(tensor.dtype, tensor.shape);
    if (!bytes || *bytes != found)
        throw Error(path, counted(found, "byte") + " for tensor " + in_quotes(tensor.name),
                    (bytes ? std::to_string(*bytes) : "those") + " of " + std::string(name_of(tensor.dtype)) +
                        " " + shape_text(tensor.shape));
    return *bytes;
}

/// A file before it is written: its header, and its tensors in the order in which their bytes follow the
/// header.
struct SafetensorsLayout {
    std::string start; ///< the header's length, then the header
    std::vector<const TensorToWrite*> tensors;
    std::uint64_t file_size;
};

/// Arranges the tensors of a file. Throws Error if a name is reserved or used twice, a tensor has too many or
/// too few bytes for its shape, a text is not UTF-8, or the header would be too long.
CTGAN_IO_FUNCTION SafetensorsLayout lay_out(const std::filesystem::path& path,
                                            std::span<const TensorToWrite> tensors,
                                            const std::map<std::string, std::string, std::less<>>& metadata) {
    SafetensorsLayout layout;
    std::set<std::string_view> names;
    for (const TensorToWrite& tensor : tensors) {
        if (tensor.name == "__metadata__" || !names.insert(tensor.name).second)
            throw Error(path,
                        "the tensor name " + in_quotes(tensor.name) +
                            (tensor.name == "__metadata__" ? ", which is reserved" : " twice"),
                        "a name of its own");
        layout.tensors.push_back(&tensor);
    }
    // Readers use the bytes in place, so the elements of each type have to be aligned: wide types come first,
    // and tensors of the same width keep their order. (Not stable_sort: with libstdc++ 12, clang 19 warns
    // about it in the user's program.)
    std::sort(layout.tensors.begin(), layout.tensors.end(), [](const auto* a, const auto* b) {
        const std::size_t width_a = size_of(a->dtype), width_b = size_of(b->dtype);
        return width_a != width_b ? width_a > width_b : a < b;
    });

    std::string header = "{";
    const auto separate = [&](char opening) {
        if (header.back() != opening) header += ',';
    };
    if (!metadata.empty()) {
        header += "\"__metadata__\":{";
        for (const auto& [key, value] : metadata) {
            separate('{');
            header += json_string(path, key) + ":" + json_string(path, value);
        }
        header += '}';
    }
    std::uint64_t position = 0;
    for (const TensorToWrite* tensor : layout.tensors) {
        separate('{');
        const std::uint64_t found =
            tensor->on_demand ? byte_count(tensor->dtype, tensor->shape).value_or(0) : tensor->bytes.size();
        const std::array offsets{position, position + check_size(path, *tensor, found)};
        header += json_string(path, tensor->name) + ":{\"dtype\":\"" + std::string(name_of(tensor->dtype)) +
                  "\",\"shape\":" + shape_text(tensor->shape) + ",\"data_offsets\":" + shape_text(offsets) +
                  "}";
        position = offsets[1];
    }
    header += '}';
    constexpr std::size_t alignment = 8;
    header.append((alignment - header.size() % alignment) % alignment, ' ');
    if (header.size() > longest_safetensors_header)
        throw Error(path, "a header of " + counted(header.size(), "byte"),
                    "at most " + std::to_string(longest_safetensors_header));

    const std::uint64_t length = header.size();
    layout.start.resize(sizeof length);
    std::memcpy(layout.start.data(), &length, sizeof length);
    layout.start += header;
    layout.file_size = layout.start.size() + position;
    return layout;
}

/// Passes all bytes of the file to `write`, chunk by chunk. Throws Error if on_demand gives the wrong number
/// of bytes.
template <class Write>
void write_chunks(const std::filesystem::path& path, const SafetensorsLayout& layout, const Write& write) {
    write(std::as_bytes(std::span(layout.start)));
    for (const TensorToWrite* tensor : layout.tensors) {
        if (!tensor->on_demand) {
            write(tensor->bytes);
            continue;
        }
        const std::uint64_t size = byte_count(tensor->dtype, tensor->shape).value_or(0);
        for (std::uint64_t done = 0; done < size;) {
            const auto bytes = tensor->on_demand(done);
            if (bytes.empty() || bytes.size() > size - done) check_size(path, *tensor, done + bytes.size());
            write(bytes);
            done += bytes.size();
        }
    }
}

} // namespace detail

CTGAN_IO_FUNCTION void write_safetensors(const std::filesystem::path& path,
                                         std::span<const TensorToWrite> tensors,
                                         const std::map<std::string, std::string, std::less<>>& metadata) {
    const detail::SafetensorsLayout layout = detail::lay_out(path, tensors, metadata);
    detail::PendingFile file(path, layout.file_size);
    detail::write_chunks(path, layout, [&](std::span<const std::byte> bytes) { file.write(bytes); });
    file.publish();
}

} // namespace ctgan::inline CTGAN_ABI::io
