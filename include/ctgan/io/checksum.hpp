#pragma once

#include <ctgan/core/config.hpp>

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
    void add(std::span<const std::byte> bytes);
    /// The checksum of all chunks added so far.
    std::uint32_t value() const { return value_; }

    /// The checksum as files store it, lowest byte first.
    std::array<std::byte, 4> bytes() const;
    /// The checksum as eight hexadecimal digits.
    std::string text() const;

  private:
    std::uint32_t value_ = 0;
};

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/checksum.hpp>
#endif
