#pragma once

#include <ctgan/core/config.hpp>

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

/// The path as messages show it: on one line even if the name holds control characters, and never shortened,
/// because the user has to find the file.
std::string shown(const std::filesystem::path& path);

} // namespace detail

/// Text from a file, made safe to print: backslashes and bytes that are not printable ASCII become `\xNN`. A
/// result of more than 80 bytes is cut off and ends with `...`.
std::string printable(std::string_view text);

/// `printable(text)` in single quotes, for messages.
std::string in_quotes(std::string_view text);

/// A count with its noun, such as "1 byte" or "16 bytes".
std::string counted(std::uint64_t count, std::string_view noun);

/// The exception for a file that cannot be used. what() is one line: `FILE[: offset N]: found X, expected Y`.
class Error : public std::runtime_error {
  public:
    /// `found` and `expected` go into the line unchanged: pass text from files through printable() first.
    Error(const std::filesystem::path& path, std::string_view found, std::string_view expected);

    /// `offset` counts bytes from the start of the file, or from the start of the uncompressed content if
    /// `found` or `expected` says so.
    Error(const std::filesystem::path& path, std::uint64_t offset, std::string_view found,
          std::string_view expected);
};

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/error.hpp>
#endif
