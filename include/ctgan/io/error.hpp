#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/hexadecimal.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#if !CTGAN_EXCEPTIONS
#    error "ctgan::io reports bad files by exceptions: compile it without -fno-exceptions"
#endif

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

inline void append_escaped_byte(std::string& text, unsigned char byte) {
    text.append("\\x").append(hexadecimal(byte, 2));
}

/// The path as messages show it: on one line even if the name holds control characters, and never shortened,
/// because the user has to find the file.
inline std::string shown(const std::filesystem::path& path) {
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

} // namespace detail

/// Text from a file, made safe to print: backslashes and bytes that are not printable ASCII become `\xNN`. A
/// result of more than 80 bytes is cut off and ends with `...`.
inline std::string printable(std::string_view text) {
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

/// `printable(text)` in single quotes, for messages.
inline std::string in_quotes(std::string_view text) {
    return std::string("'").append(printable(text)).append("'");
}

/// A count with its noun, such as "1 byte" or "16 bytes".
inline std::string counted(std::uint64_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

/// The exception for a file that cannot be used. what() is one line: `FILE[: offset N]: found X, expected Y`.
class Error : public std::runtime_error {
  public:
    /// `found` and `expected` go into the line unchanged: pass text from files through printable() first.
    Error(const std::filesystem::path& path, std::string_view found, std::string_view expected)
        : std::runtime_error(line(path, "", found, expected)) {}

    /// `offset` counts bytes from the start of the file, or from the start of the uncompressed content if
    /// `found` or `expected` says so.
    Error(const std::filesystem::path& path, std::uint64_t offset, std::string_view found,
          std::string_view expected)
        : std::runtime_error(line(path, "offset " + std::to_string(offset) + ": ", found, expected)) {}

  private:
    static std::string line(const std::filesystem::path& path, const std::string& where,
                            std::string_view found, std::string_view expected) {
        std::string text = detail::shown(path) + ": " + where;
        text.append("found ").append(found).append(", expected ").append(expected);
        return text;
    }
};

} // namespace ctgan::inline CTGAN_ABI::io
