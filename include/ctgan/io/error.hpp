#pragma once

#include <ctgan/core/config.hpp>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#if !CTGAN_EXCEPTIONS
#    error "ctgan::io throws what it finds wrong in a file: compile it without -fno-exceptions"
#endif

namespace ctgan::io {

namespace detail {

inline void append_escaped_byte(std::string& text, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += "\\x";
    text += digits[byte >> 4];
    text += digits[byte & 15];
}

/// The path as a message shows it: on one line whatever the name holds, and never cut, because the user has
/// to find the file.
inline std::string shown(const std::filesystem::path& path) {
    std::string text;
    for (const char character : path.native()) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f)
            append_escaped_byte(text, byte);
        else
            text += character;
    }
    return text;
}

} // namespace detail

/// Text that came out of a file, made safe to print: bytes that are not printable ASCII become `\xNN`, and
/// what goes beyond 80 bytes is replaced by `...`.
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

/// `printable(text)` in single quotes.
inline std::string in_quotes(std::string_view text) {
    return std::string("'").append(printable(text)).append("'");
}

/// "1 byte", "16 bytes": a count with its noun.
inline std::string counted(std::uint64_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

/// A file that cannot be used. what() is one line: `FILE[: offset N]: found X, expected Y`.
class Error : public std::runtime_error {
  public:
    /// `found` and `expected` are put into the line as they are: pass bytes from files through printable().
    Error(const std::filesystem::path& path, std::string_view found, std::string_view expected)
        : std::runtime_error(line(path, "", found, expected)) {}

    /// `offset` counts bytes from the start of the file (of the uncompressed content, where the text says
    /// so).
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

} // namespace ctgan::io
