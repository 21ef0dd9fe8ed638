#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io::detail {

CTGAN_IO_FUNCTION std::string hexadecimal(std::uint64_t value, int digits) {
    constexpr std::string_view symbols = "0123456789abcdef";
    std::string text;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text += symbols[value >> shift & 15];
    return text;
}

} // namespace ctgan::inline CTGAN_ABI::io::detail
