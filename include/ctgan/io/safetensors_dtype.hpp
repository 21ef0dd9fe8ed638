#pragma once

#include <ctgan/core/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

static_assert(std::endian::native == std::endian::little,
              "ctgan: safetensors are little-endian, and are read and written without conversion");

/// The element types that ctgan reads and writes; safetensors has more. F16 is IEEE's 16-bit number, BF16 the
/// upper half of an F32; both convert to float exactly.
enum class Dtype { F64, F32, F16, BF16, I64, I32, U8 };

/// The length of the longest header that is accepted, in bytes; about 60,000 tensors fit. Parsing a header
/// takes up to 12 times its length in memory, and no file may make a reader allocate more than 64 MB beyond
/// the size of the file.
inline constexpr std::uint64_t longest_safetensors_header = std::uint64_t{4} << 20;

/// The name of a type in the file, such as "F32".
std::string_view name_of(Dtype dtype);

/// The size of one element in bytes.
std::size_t size_of(Dtype dtype);

/// A shape as text, such as "[64, 128, 5, 5]", for headers and messages.
std::string shape_text(std::span<const std::uint64_t> shape);

/// The size of a tensor in bytes, or nothing if it exceeds 64 bits.
std::optional<std::uint64_t> byte_count(Dtype dtype, std::span<const std::uint64_t> shape);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/safetensors_dtype.hpp>
#endif
