#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace fuzz {

inline constexpr std::size_t length_field = 8;

/// The size of a safetensors file's header in bytes, at most the bytes that follow the length.
inline std::size_t header_size(const std::uint8_t* data, std::size_t size) {
    std::uint64_t length = 0;
    std::memcpy(&length, data, length_field);
    return static_cast<std::size_t>(std::min<std::uint64_t>(length, size - length_field));
}

/// Mutates a safetensors file: the header, whose length it then corrects, or the data, or any byte. With a
/// wrong length in front of the header nearly all inputs would be refused right there.
inline std::size_t mutate_safetensors(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                      unsigned seed) {
    if (size <= length_field || seed % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
    const std::size_t header = header_size(data, size);
    const std::size_t others = seed % 4 == 1 ? length_field + header : size - header;
    // LLVMFuzzerMutate writes at least one byte, whether it fits or not.
    if (others >= max_size) return LLVMFuzzerMutate(data, size, max_size);
    std::uint8_t* const data_start = data + length_field + header;
    if (seed % 4 == 1) return others + LLVMFuzzerMutate(data_start, size - others, max_size - others);

    const std::vector<std::uint8_t> tail(data_start, data + size);
    const std::uint64_t length = LLVMFuzzerMutate(data + length_field, header, max_size - others);
    std::memcpy(data, &length, length_field);
    std::copy(tail.begin(), tail.end(), data + length_field + length);
    return others + static_cast<std::size_t>(length);
}

} // namespace fuzz
