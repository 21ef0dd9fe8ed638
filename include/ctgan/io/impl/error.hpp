#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
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
#if CTGAN_WINDOWS
    const std::u8string name = path.u8string();
#else
    const std::string& name = path.native(); // u8string() would compile a second kind of string
#endif
    for (const auto character : name) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f)
            append_escaped_byte(text, byte);
        else
            text.append(1, static_cast<char>(byte));
    }
    return text;
}

CTGAN_IO_FUNCTION std::string line_of_error(const std::filesystem::path& path, std::string_view where,
                                            std::string_view found, std::string_view expected) {
    return ctgan::detail::joined({shown(path), ": ", where, "found ", found, ", expected ", expected});
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
    return ctgan::detail::joined({"'", printable(text), "'"});
}

CTGAN_IO_FUNCTION std::string counted(std::uint64_t count, std::string_view noun) {
    return ctgan::detail::joined({count, " ", noun, count == 1 ? "" : "s"});
}

CTGAN_IO_FUNCTION Error::Error(const std::filesystem::path& path, std::string_view found,
                               std::string_view expected)
    : std::runtime_error(detail::line_of_error(path, "", found, expected)) {}

CTGAN_IO_FUNCTION Error::Error(const std::filesystem::path& path, std::uint64_t offset,
                               std::string_view found, std::string_view expected)
    : std::runtime_error(
          detail::line_of_error(path, ctgan::detail::joined({"offset ", offset, ": "}), found, expected)) {}

} // namespace ctgan::inline CTGAN_ABI::io
