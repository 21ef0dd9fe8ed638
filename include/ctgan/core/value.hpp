#pragma once

#include <ctgan/core/config.hpp>

#include <cstdint>
#include <numeric>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// A number as a fraction in lowest terms; the denominator is 0 if there is none.
struct Fraction {
    std::intmax_t num, den;
};

/// The fraction of fewest decimal places that is rounded to this number: 1/5 for 0.2, which as a double is
/// slightly more. If it has too many digits, the fraction that is exactly the number.
constexpr Fraction fraction_of(double number) {
    constexpr double two_to_53 = 9007199254740992., two_to_62 = 4611686018427387904.;
    constexpr Fraction none{1, 0};
    double size = number < 0 ? -number : number;
    if (!(size < two_to_62)) return none; // NaN, too
    const auto lowest = [&](std::intmax_t num, std::intmax_t den) {
        const std::intmax_t common = std::gcd(num, den);
        return Fraction{(number < 0 ? -num : num) / common, den / common};
    };
    // Both parts are exact as doubles, so that their quotient is the decimal fraction, rounded once.
    constexpr std::intmax_t largest_power = 1000000000000000000;
    for (std::intmax_t den = 1;; den *= 10) {
        const double scaled = size * static_cast<double>(den);
        if (!(scaled < two_to_53)) break;
        const auto num =
            static_cast<std::intmax_t>(scaled + 0.5); // NOLINT(bugprone-incorrect-roundings): constexpr
        if (static_cast<double>(num) / static_cast<double>(den) == size) return lowest(num, den);
        if (den == largest_power) break;
    }
    std::intmax_t den = 1;
    while (size < two_to_53 && den < std::intmax_t{1} << 62) {
        if (size == static_cast<double>(static_cast<std::intmax_t>(size))) break;
        size *= 2;
        den *= 2;
    }
    if (size == static_cast<double>(static_cast<std::intmax_t>(size)))
        return lowest(static_cast<std::intmax_t>(size), den);
    return none;
}

} // namespace detail

#if CTGAN_NUMBERS_AS_ARGUMENTS
/// A number where a layer takes a std::ratio: LeakyReLU<Value<0.2>>. Its members are those of the decimal
/// fraction, std::ratio<1, 5>. If the two parts of a fraction do not fit into 64 bits, as those of 1e-30, the
/// layer says so. g++, nvcc, MSVC and clang from version 18 on have it; it is not defined for others, whose
/// template arguments cannot be numbers like 0.2.
template <double Number>
struct Value {
    static constexpr std::intmax_t num = detail::fraction_of(Number).num; ///< the numerator
    static constexpr std::intmax_t den = detail::fraction_of(Number).den; ///< the denominator, above 0
};
#endif

} // namespace ctgan::inline CTGAN_ABI
