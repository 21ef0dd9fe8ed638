#pragma once

#include <ctgan/config.hpp>

#include <cstdint>
#include <cstring>

// Whether numbers are finite, told by their bits: std::isfinite is true of everything where -ffast-math or
// -Ofast compile it, and a header is compiled with its user's flags.
namespace ctgan {

namespace detail {

/// A kind of floating-point numbers as integers.
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

/// Has the sign's bit set if and only if the number of these bits is infinite or NaN: only an exponent of all
/// ones carries over into it when it grows by one.
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

} // namespace detail

/// Whether the number is neither infinite nor NaN.
CTGAN_HD inline bool is_finite(float value) { return detail::exponent_is_finite(value); }
/// The same in double.
CTGAN_HD inline bool is_finite(double value) { return detail::exponent_is_finite(value); }

} // namespace ctgan
