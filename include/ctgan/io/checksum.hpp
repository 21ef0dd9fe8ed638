#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/hexadecimal.hpp>

// One line instead of all the errors that follow from its absence, as for Eigen in simd.hpp.
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

/// CRC-32, the checksum of gzip and PNG, computed chunk by chunk. It detects accidental damage, not
/// tampering.
class Checksum {
  public:
    /// Adds the next chunk.
    void add(std::span<const std::byte> bytes) {
        if (bytes.empty()) return; // crc32_z restarts the checksum if the pointer is null
        value_ = crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    }
    /// The checksum of all chunks added so far.
    std::uint32_t value() const { return static_cast<std::uint32_t>(value_); }

    /// The checksum as files store it, lowest byte first.
    std::array<std::byte, 4> bytes() const {
        std::array<std::byte, 4> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<std::byte>(value() >> 8 * i);
        return result;
    }
    /// The checksum as eight hexadecimal digits.
    std::string text() const { return detail::hexadecimal(value(), 8); }

  private:
    uLong value_ = 0;
};

} // namespace ctgan::inline CTGAN_ABI::io
