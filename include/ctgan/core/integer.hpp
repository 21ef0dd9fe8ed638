#pragma once

#include <ctgan/core/config.hpp>

#include <concepts>
#include <cstdint>
#include <limits>

namespace ctgan::inline CTGAN_ABI::detail {

/// product = a * b. Returns true if T cannot hold the product; `product` then has no meaning.
template <std::unsigned_integral T>
constexpr bool multiply_overflows(T a, T b, T& product) {
#if CTGAN_GNU_EXTENSIONS
    return __builtin_mul_overflow(a, b, &product);
#else
    if (b != 0 && a > (std::numeric_limits<T>::max)() / b) return true;
    product = a * b;
    return false;
#endif
}

/// The number whose bytes are those of x in the opposite order.
constexpr std::uint32_t swapped_bytes(std::uint32_t x) {
    return x << 24 | (x & 0xFF00U) << 8 | (x >> 8 & 0xFF00U) | x >> 24;
}

} // namespace ctgan::inline CTGAN_ABI::detail
