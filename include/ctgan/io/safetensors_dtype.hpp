#pragma once

#include <ctgan/core/config.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

/// The element types that ctgan reads and writes; safetensors has more.
enum class Dtype { F64, F32, I64, U8 };

/// The length of the longest header that is accepted, in bytes; about 60,000 tensors fit. Parsing a header
/// takes up to 12 times its length in memory, and no file may make a reader allocate more than 64 MB beyond
/// the size of the file.
inline constexpr std::uint64_t longest_safetensors_header = std::uint64_t{4} << 20;

namespace detail {

static_assert(std::endian::native == std::endian::little,
              "ctgan: safetensors are little-endian, and are read and written without conversion");

struct DtypeFacts {
    Dtype dtype;
    std::string_view name;
    std::size_t size;
};
inline constexpr std::array dtype_facts{
    DtypeFacts{Dtype::F64, "F64", 8},
    DtypeFacts{Dtype::F32, "F32", 4},
    DtypeFacts{Dtype::I64, "I64", 8},
    DtypeFacts{Dtype::U8, "U8", 1},
};

inline std::optional<Dtype> dtype_from_name(std::string_view name) {
    for (const DtypeFacts& facts : dtype_facts)
        if (facts.name == name) return facts.dtype;
    return std::nullopt;
}

} // namespace detail

/// The name of a type in the file, such as "F32".
inline std::string_view name_of(Dtype dtype) {
    return detail::dtype_facts[static_cast<std::size_t>(dtype)].name;
}

/// The size of one element in bytes.
inline std::size_t size_of(Dtype dtype) { return detail::dtype_facts[static_cast<std::size_t>(dtype)].size; }

/// A shape as text, such as "[64, 128, 5, 5]", for headers and messages.
inline std::string shape_text(std::span<const std::uint64_t> shape) {
    std::string text = "[";
    for (const std::uint64_t dimension : shape) {
        if (text.size() > 1) text += ", ";
        text += std::to_string(dimension);
    }
    return text + "]";
}

/// The size of a tensor in bytes, or nothing if it exceeds 64 bits.
inline std::optional<std::uint64_t> byte_count(Dtype dtype, std::span<const std::uint64_t> shape) {
    std::uint64_t bytes = size_of(dtype);
    for (const std::uint64_t dimension : shape)
        if (__builtin_mul_overflow(bytes, dimension, &bytes)) return std::nullopt;
    return bytes;
}

} // namespace ctgan::inline CTGAN_ABI::io
