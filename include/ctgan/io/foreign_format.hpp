#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

/// A known file format other than the expected one, in words for messages.
struct ForeignFormat {
    std::string_view name;            ///< such as "a PNG picture"
    std::string_view as_weights = {}; ///< how to get a safetensors file from it; empty if there is no way
};

/// The number of first bytes of a file from which foreign_format() can tell all formats.
inline constexpr std::size_t bytes_that_tell_a_format = 512;

/// The format that the first bytes of a file (bytes_that_tell_a_format, or all if there are fewer) belong to,
/// for a message to a user who passed the wrong file. Its name is empty if the format is unknown.
ForeignFormat foreign_format(std::span<const std::byte> first_bytes);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/foreign_format.hpp>
#endif
