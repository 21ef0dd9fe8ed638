#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::plot::detail {

/// A JSON string that can stand in an HTML file's script element: no `<`, so neither `</script>` nor `<!--`
/// has a meaning there, and neither U+2028 nor U+2029, which end a line of JavaScript.
CTGAN_IO_FUNCTION std::string json_string(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::string_view three = text.substr(i, 3);
        if (byte < 0x20 || byte == '<' || byte == '"' || byte == '\\' || byte == 0x7f) {
            result += "\\u00";
            result += digits[byte >> 4];
            result += digits[byte & 15];
        } else if (three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9") {
            result += three.back() == '\xa8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result += '"';
}

/// The shortest digits from which a reader gets the same double. JSON has no infinities and NaN: they are
/// strings that JavaScript's Number() takes.
CTGAN_IO_FUNCTION std::string json_number(double value) {
    if (!is_finite(value)) {
        if (ctgan::detail::is_nan(value)) return "\"NaN\"";
        return std::signbit(value) ? "\"-Infinity\"" : "\"Infinity\"";
    }
    std::array<char, 64> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// How many characters base64() has for so many bytes.
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

/// Base64 of RFC 4648, as in a `data:` address.
CTGAN_IO_FUNCTION std::string base64(std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve(base64_size(bytes.size()));
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = bytes.size() - at < 3 ? bytes.size() - at : 3;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < count ? std::to_integer<std::uint32_t>(bytes[at + i]) : 0);
        for (std::size_t i = 0; i < 4; ++i) text += i <= count ? digits[group >> (18 - 6 * i) & 63] : '=';
    }
    return text;
}

} // namespace ctgan::inline CTGAN_ABI::plot::detail
