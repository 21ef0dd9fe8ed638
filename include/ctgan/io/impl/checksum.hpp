#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/hexadecimal.hpp>
#include <ctgan/io/separate_compilation.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#if !__has_include(<zlib.h>)
#    include <ctgan needs zlib for files: install zlib1g-dev or zlib and name its folder with -isystem>
#endif
#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ctgan::inline CTGAN_ABI::io {

CTGAN_IO_FUNCTION void Checksum::add(std::span<const std::byte> bytes) {
    if (bytes.empty()) return; // crc32_z restarts the checksum if the pointer is null
    value_ = static_cast<std::uint32_t>(
        crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

CTGAN_IO_FUNCTION std::array<std::byte, 4> Checksum::bytes() const {
    std::array<std::byte, 4> result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<std::byte>(value() >> 8 * i);
    return result;
}

CTGAN_IO_FUNCTION std::string Checksum::text() const { return detail::hexadecimal(value(), 8); }

} // namespace ctgan::inline CTGAN_ABI::io
