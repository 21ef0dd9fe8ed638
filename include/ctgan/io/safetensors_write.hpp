#pragma once

#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/safetensors_dtype.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctgan::io {

/// A tensor on its way into a file; `bytes` are its elements, last dimension fastest.
struct TensorToWrite {
    std::string name;
    Dtype dtype;
    std::vector<std::uint64_t> shape;
    std::span<const std::byte> bytes;
};

namespace detail {

/// `text` as a JSON string. Throws Error, since the file cannot be written, where it is not UTF-8.
inline std::string json_string(const std::filesystem::path& path, const std::string& text) {
    try {
        return nlohmann::json(text).dump();
    } catch (const nlohmann::json::type_error&) {
        throw Error(path, "the name or metadata " + in_quotes(text), "UTF-8");
    }
}

inline void check_tensor(const std::filesystem::path& path, const TensorToWrite& tensor,
                         std::set<std::string_view>& names) {
    if (tensor.name == "__metadata__" || !names.insert(tensor.name).second)
        throw Error(path,
                    "the tensor name " + in_quotes(tensor.name) +
                        (tensor.name == "__metadata__" ? ", which is reserved" : " twice"),
                    "a name of its own");
    const auto bytes = byte_count(tensor.dtype, tensor.shape);
    if (!bytes || *bytes != tensor.bytes.size())
        throw Error(path, counted(tensor.bytes.size(), "byte") + " for tensor " + in_quotes(tensor.name),
                    (bytes ? std::to_string(*bytes) : "those") + " of " + std::string(name_of(tensor.dtype)) +
                        " " + shape_text(tensor.shape));
}

} // namespace detail

/// Writes a safetensors file, all or nothing. Throws Error where tensors contradict themselves or each other,
/// or the file cannot be written.
inline void write_safetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                              const std::map<std::string, std::string, std::less<>>& metadata = {}) {
    // Readers look at the bytes in place, so each type has to be aligned: wide types come first.
    std::vector<const TensorToWrite*> in_file_order;
    std::set<std::string_view> names;
    for (const TensorToWrite& tensor : tensors) {
        detail::check_tensor(path, tensor, names);
        in_file_order.push_back(&tensor);
    }
    std::stable_sort(in_file_order.begin(), in_file_order.end(),
                     [](const auto* a, const auto* b) { return size_of(a->dtype) > size_of(b->dtype); });

    std::string header = "{";
    const auto separate = [&](char opening) {
        if (header.back() != opening) header += ',';
    };
    if (!metadata.empty()) {
        header += "\"__metadata__\":{";
        for (const auto& [key, value] : metadata) {
            separate('{');
            header += detail::json_string(path, key) + ":" + detail::json_string(path, value);
        }
        header += '}';
    }
    std::uint64_t position = 0;
    std::vector<std::span<const std::byte>> parts(2); // the length and the header, filled in at the end
    for (const TensorToWrite* tensor : in_file_order) {
        separate('{');
        const std::array offsets{position, position + tensor->bytes.size()};
        header += detail::json_string(path, tensor->name) + ":{\"dtype\":\"" +
                  std::string(name_of(tensor->dtype)) + "\",\"shape\":" + shape_text(tensor->shape) +
                  ",\"data_offsets\":" + shape_text(offsets) + "}";
        position = offsets[1];
        parts.push_back(tensor->bytes);
    }
    header += '}';
    constexpr std::size_t alignment = 8;
    header.append((alignment - header.size() % alignment) % alignment, ' ');
    if (header.size() > longest_safetensors_header)
        throw Error(path, "a header of " + counted(header.size(), "byte"),
                    "at most " + std::to_string(longest_safetensors_header));

    const std::uint64_t length = header.size();
    parts[0] = std::as_bytes(std::span(&length, 1));
    parts[1] = std::as_bytes(std::span(header));
    write_atomically(path, parts);
}

} // namespace ctgan::io
