#pragma once

#include <ctgan/core/config.hpp>

#include <bit>
#include <cmath>
#include <cstdint>

#ifndef CTGAN_OWN_FMA // a test defines it
#    if defined(__MINGW32__) && defined(__x86_64__) && !defined(__FMA__)
#        define CTGAN_OWN_FMA 1
#    else
#        define CTGAN_OWN_FMA 0
#    endif
#endif

namespace ctgan::inline CTGAN_ABI::detail {

#if CTGAN_OWN_FMA

/// A double and the error that its rounding made: together the exact result of one operation.
struct WithError {
    double rounded, error;
};

/// x + y (Knuth's TwoSum).
constexpr WithError exact_sum(double x, double y) {
    const double sum = x + y, of_y = sum - x;
    return {sum, (x - (sum - of_y)) + (y - of_y)};
}

/// x * y (Dekker's product).
constexpr WithError exact_product(double x, double y) {
    // Halves of 26 bits, whose products are exact.
    const auto upper = [](double value) {
        constexpr std::uint64_t lowest = std::uint64_t{1} << 27;
        return std::bit_cast<double>((std::bit_cast<std::uint64_t>(value) + lowest / 2) & ~(lowest - 1));
    };
    const double x1 = upper(x), x2 = x - x1, y1 = upper(y), y2 = y - y1, product = x * y;
    return {product, ((x1 * y1 - product) + x1 * y2 + x2 * y1) + x2 * y2};
}

/// x + y, rounded to odd: an inexact sum becomes the one of its two neighbours whose last bit is 1, so that
/// rounding it again gives what one rounding gives.
constexpr double sum_to_odd(double x, double y) {
    const WithError sum = exact_sum(x, y);
    const auto bits = std::bit_cast<std::uint64_t>(sum.rounded);
    if (sum.error == 0 || bits % 2 == 1) return sum.rounded;
    const bool away_from_zero = (sum.error > 0) == (sum.rounded > 0);
    return std::bit_cast<double>(away_from_zero ? bits + 1 : bits - 1);
}

/// x * y + z, rounded once, if no intermediate result overflows or is subnormal; a zero may have the other
/// sign. Not std::fma: mingw's rounds twice, because it computes with x87's registers. The method is that of
/// Boldo and Melquiond, Emulation of FMA and Correctly Rounded Sums, IEEE Transactions on Computers 57
/// (2008).
constexpr double fused_multiply_add(double x, double y, double z) {
    const WithError product = exact_product(x, y);
    const WithError lower = exact_sum(z, product.error);
    const WithError upper = exact_sum(product.rounded, lower.rounded);
    return upper.rounded + sum_to_odd(lower.error, upper.error);
}

#else

/// x * y + z, rounded once.
CTGAN_HD inline double fused_multiply_add(double x, double y, double z) { return std::fma(x, y, z); }

#endif

} // namespace ctgan::inline CTGAN_ABI::detail
