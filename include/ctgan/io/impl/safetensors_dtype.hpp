#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/integer.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

struct DtypeFacts {
    Dtype dtype;
    std::string_view name;
    std::size_t size;
};
inline constexpr std::array dtype_facts{
    DtypeFacts{Dtype::F64, "F64", 8},   DtypeFacts{Dtype::F32, "F32", 4}, DtypeFacts{Dtype::F16, "F16", 2},
    DtypeFacts{Dtype::BF16, "BF16", 2}, DtypeFacts{Dtype::I64, "I64", 8}, DtypeFacts{Dtype::I32, "I32", 4},
    DtypeFacts{Dtype::U8, "U8", 1},
};
static_assert([] {
    for (std::size_t i = 0; i < dtype_facts.size(); ++i)
        if (dtype_facts[i].dtype != static_cast<Dtype>(i)) return false;
    return true;
}());
/// All types, for messages.
inline constexpr std::string_view dtype_names = "F64, F32, F16, BF16, I64, I32 or U8";

CTGAN_IO_FUNCTION std::optional<Dtype> dtype_from_name(std::string_view name) {
    for (const DtypeFacts& facts : dtype_facts)
        if (facts.name == name) return facts.dtype;
    return std::nullopt;
}

} // namespace detail

CTGAN_IO_FUNCTION std::string_view name_of(Dtype dtype) {
    return detail::dtype_facts[static_cast<std::size_t>(dtype)].name;
}

CTGAN_IO_FUNCTION std::size_t size_of(Dtype dtype) {
    return detail::dtype_facts[static_cast<std::size_t>(dtype)].size;
}

CTGAN_IO_FUNCTION std::string shape_text(std::span<const std::uint64_t> shape) {
    std::string text = "[";
    for (const std::uint64_t dimension : shape) {
        if (text.size() > 1) text += ", ";
        text += std::to_string(dimension);
    }
    return text + "]";
}

CTGAN_IO_FUNCTION std::optional<std::uint64_t> byte_count(Dtype dtype, std::span<const std::uint64_t> shape) {
    std::uint64_t bytes = size_of(dtype);
    for (const std::uint64_t dimension : shape)
        if (ctgan::detail::multiply_overflows(bytes, dimension, bytes)) return std::nullopt;
    return bytes;
}

} // namespace ctgan::inline CTGAN_ABI::io
