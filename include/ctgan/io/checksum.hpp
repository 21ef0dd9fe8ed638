#pragma once

#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ctgan::io {

/// CRC-32, the checksum of gzip and PNG, of bytes that come chunk by chunk. It tells damage by chance, not by
/// intent.
class Checksum {
  public:
    /// The next chunk.
    void add(std::span<const std::byte> bytes) {
        if (bytes.empty()) return; // a null pointer would set zlib's back to the start
        value_ = crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    }
    /// Of all chunks so far.
    std::uint32_t value() const { return static_cast<std::uint32_t>(value_); }

    /// As it stands in a file, lowest byte first.
    std::array<std::byte, 4> bytes() const {
        std::array<std::byte, 4> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<std::byte>(value() >> 8 * i);
        return result;
    }
    /// Eight hexadecimal digits.
    std::string text() const {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (int shift = 28; shift >= 0; shift -= 4) text += digits[value() >> shift & 15];
        return text;
    }

  private:
    uLong value_ = 0;
};

} // namespace ctgan::io
