#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace test {

/// The bytes of a 64-bit number in a safetensors file.
inline std::string little_endian(std::uint64_t number) {
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}

/// A safetensors file with this header and `data_bytes` bytes of data.
inline std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
    return little_endian(header.size()) + header + std::string(data_bytes, 'd');
}

/// The header's entry of a tensor of bytes.
inline std::string entry(const std::string& name, std::uint64_t begin, std::uint64_t end) {
    return '"' + name + R"(":{"dtype":"U8","shape":[)" + std::to_string(end - begin) +
           R"(],"data_offsets":[)" + std::to_string(begin) + "," + std::to_string(end) + "]}";
}

} // namespace test
