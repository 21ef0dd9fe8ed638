#pragma once

#include <ctgan/core/config.hpp>

#include <cstdint>
#include <cstring>

// Whether a value is finite, decided from its bits. std::isfinite does not work here: it is always true under
// -ffast-math and -Ofast, and a header is compiled with the user's flags.
namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// The integer type as wide as a floating-point type, with the masks of its format.
template <class T>
struct FloatBits;
template <>
struct FloatBits<float> {
    using type = std::uint32_t;
    static constexpr type sign = 0x80000000U, exponent_step = 0x00800000U;
};
template <>
struct FloatBits<double> {
    using type = std::uint64_t;
    static constexpr type sign = 0x8000000000000000U, exponent_step = 0x0010000000000000U;
};

/// The sign bit of the result is set if and only if `bits` encode infinity or NaN: only an exponent of all
/// ones carries into it when one is added.
template <class T>
CTGAN_HD constexpr typename FloatBits<T>::type overflow_of_exponent(typename FloatBits<T>::type bits) {
    using Bits = FloatBits<T>;
    return (bits & ~Bits::sign) + Bits::exponent_step;
}

template <class T>
CTGAN_HD bool exponent_is_finite(T value) {
    typename FloatBits<T>::type bits;
    std::memcpy(&bits, &value, sizeof bits);
    return (overflow_of_exponent<T>(bits) & FloatBits<T>::sign) == 0;
}

/// Whether a value is NaN.
template <class T>
CTGAN_HD bool is_nan(T value) {
    using Bits = FloatBits<T>;
    typename Bits::type bits;
    std::memcpy(&bits, &value, sizeof bits);
    return (bits & ~Bits::sign) > Bits::sign - Bits::exponent_step; // above infinity's bits
}

} // namespace detail

/// Whether the value is neither infinite nor NaN.
CTGAN_HD inline bool is_finite(float value) { return detail::exponent_is_finite(value); }
/// The same for double.
CTGAN_HD inline bool is_finite(double value) { return detail::exponent_is_finite(value); }

} // namespace ctgan::inline CTGAN_ABI
