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
    /// If set, it is called for the bytes when they are about to be written, with the number of those that it
    /// has already given, until it has given all; it returns the next of them. They must stay valid until it,
    /// or another tensor's on_demand, is called again. So neither a file nor a tensor has to be in memory as
    /// a whole.
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
