#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/safetensors_dtype.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// A tensor to be written to a file.
struct TensorToWrite {
    std::string name;                 ///< UTF-8, unique in the file
    Dtype dtype;                      ///< type of the elements
    std::vector<std::uint64_t> shape; ///< as in PyTorch; empty for a single value
    std::span<const std::byte> bytes; ///< the elements, last dimension fastest; ignored if on_demand is set
    /// If set, it gives the bytes when they are about to be written, so that neither the file nor the tensor
    /// has to be in memory as a whole. The writer calls it until it has all: `first` is the number of bytes
    /// that it has so far, at first 0, and the result is the next ones, at least one. They stay valid until
    /// this or another tensor's on_demand is called. The calls for a tensor follow one another, with none for
    /// another tensor between them.
    std::function<std::span<const std::byte>(std::uint64_t first)> on_demand = {};
};

/// Writes a safetensors file, all or nothing. Throws Error if a name is reserved or used twice, a tensor has
/// too many or too few bytes for its shape, a text is not UTF-8, or the file cannot be written.
void write_safetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string, std::less<>>& metadata = {});

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/safetensors_write.hpp>
#endif
