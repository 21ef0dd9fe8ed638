#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/hexadecimal.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

CTGAN_IO_FUNCTION void append_escaped_byte(std::string& text, unsigned char byte) {
    text.append("\\x").append(hexadecimal(byte, 2));
}

CTGAN_IO_FUNCTION std::string shown(const std::filesystem::path& path) {
    if (path.empty()) return "''";
    std::string text;
    for (const char8_t character : path.u8string()) { // the bytes of the name; on Windows, as UTF-8
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f)
            append_escaped_byte(text, byte);
        else
            text += static_cast<char>(byte);
    }
    return text;
}

CTGAN_IO_FUNCTION std::string line_of_error(const std::filesystem::path& path, const std::string& where,
                                            std::string_view found, std::string_view expected) {
    std::string text = shown(path) + ": " + where;
    text.append("found ").append(found).append(", expected ").append(expected);
    return text;
}

} // namespace detail

CTGAN_IO_FUNCTION std::string printable(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string result;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        const bool plain = byte >= 0x20 && byte < 0x7f && byte != '\\';
        if (result.size() + (plain ? 1 : 4) > longest) return result + "...";
        if (plain)
            result += character;
        else
            detail::append_escaped_byte(result, byte);
    }
    return result;
}

CTGAN_IO_FUNCTION std::string in_quotes(std::string_view text) {
    return std::string("'").append(printable(text)).append("'");
}

CTGAN_IO_FUNCTION std::string counted(std::uint64_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

CTGAN_IO_FUNCTION Error::Error(const std::filesystem::path& path, std::string_view found,
                               std::string_view expected)
    : std::runtime_error(detail::line_of_error(path, "", found, expected)) {}

CTGAN_IO_FUNCTION Error::Error(const std::filesystem::path& path, std::uint64_t offset,
                               std::string_view found, std::string_view expected)
    : std::runtime_error(
          detail::line_of_error(path, "offset " + std::to_string(offset) + ": ", found, expected)) {}

} // namespace ctgan::inline CTGAN_ABI::io
