#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_dtype.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// Adds what precedes the bytes of a tensor, so that tensors which exchange their names have another
/// checksum.
CTGAN_IO_FUNCTION void add_description(Checksum& sum, std::string_view name, Dtype dtype,
                                       std::span<const std::uint64_t> shape) {
    const std::string text =
        std::string(name) + '\n' + std::string(name_of(dtype)) + ' ' + shape_text(shape) + '\n';
    sum.add(std::as_bytes(std::span(text)));
}

} // namespace detail

CTGAN_IO_FUNCTION Checksum tensors_checksum(const SafetensorsFile& file) {
    Checksum sum;
    for (const auto& [name, tensor] : file.tensors()) {
        detail::add_description(sum, name, tensor.dtype, tensor.shape);
        sum.add(tensor.bytes);
    }
    return sum;
}

CTGAN_IO_FUNCTION Checksum tensors_checksum(std::span<const TensorToWrite> tensors) {
    std::map<std::string_view, const TensorToWrite*> by_name;
    for (const TensorToWrite& tensor : tensors) by_name.emplace(tensor.name, &tensor);
    Checksum sum;
    for (const auto& [name, tensor] : by_name) {
        detail::add_description(sum, name, tensor->dtype, tensor->shape);
        if (!tensor->on_demand) {
            sum.add(tensor->bytes);
            continue;
        }
        const std::uint64_t size = byte_count(tensor->dtype, tensor->shape).value_or(0);
        for (std::uint64_t done = 0; done < size;) {
            const auto bytes = tensor->on_demand(done);
            if (bytes.empty()) break; // write_safetensors() reports it
            sum.add(bytes);
            done += bytes.size();
        }
    }
    return sum;
}

CTGAN_IO_FUNCTION void write_with_checksum(const std::filesystem::path& path,
                                           std::span<const TensorToWrite> tensors,
                                           SafetensorsFile::Metadata metadata) {
    metadata.insert_or_assign(std::string(tensors_checksum_key), tensors_checksum(tensors).text());
    write_safetensors(path, tensors, metadata);
}

CTGAN_IO_FUNCTION std::string require_checksum(const SafetensorsFile& file) {
    std::string found = tensors_checksum(file).text();
    const auto entry = file.metadata().find(tensors_checksum_key);
    if (entry != file.metadata().end() && entry->second != found)
        throw Error(file.path(), "tensors of CRC-32 " + found,
                    printable(entry->second) + ", as its __metadata__ says");
    return found;
}

} // namespace ctgan::inline CTGAN_ABI::io
