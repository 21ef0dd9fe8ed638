#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/safetensors_dtype.hpp>

#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// Whether `value` can be cast to To without undefined behavior and without changing its value, except for
/// rounding to a floating-point type.
template <class To, class From>
bool fits(From value) {
    if constexpr (std::integral<To> && std::integral<From>) {
        return std::in_range<To>(value);
    } else if constexpr (std::integral<To>) {
        // Both bounds are zero or powers of two (one of them negative), so they are exact in floating point.
        // NaN fails both comparisons.
        // NOLINTNEXTLINE(bugprone-integer-division): the quotient is meant to be a whole number
        constexpr From beyond = static_cast<From>((std::numeric_limits<To>::max)() / 2 + 1) * From{2};
        return value >= static_cast<From>((std::numeric_limits<To>::min)()) && value < beyond &&
               value == std::floor(value);
    } else if constexpr (std::floating_point<From> && sizeof(From) > sizeof(To)) {
        return !(std::fabs(value) > static_cast<From>((std::numeric_limits<To>::max)())) || std::isinf(value);
    } else {
        return true;
    }
}

/// An F16 or a BF16 as it is stored. A type of its own, so that no 16-bit integer is taken for one.
struct Half {
    std::uint16_t bits;
};

/// The value of an F16: a sign, 5 bits of exponent and 10 of fraction, as in IEEE 754. Exact; a NaN keeps its
/// sign and fraction.
inline float from_f16(Half half) {
    const std::uint32_t bits = half.bits;
    const std::uint32_t sign = (bits & 0x8000U) << 16, exponent = bits >> 10 & 0x1fU,
                        fraction = bits & 0x3ffU;
    constexpr std::uint32_t bias_of_f32 = 127, bias_of_f16 = 15, bits_dropped = 23 - 10;
    if (exponent == 0) { // zero, or fraction * 2^-24, which is a normal number as a float
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
    }
    const std::uint32_t widened = exponent == 0x1f ? 0xff : exponent + (bias_of_f32 - bias_of_f16);
    return std::bit_cast<float>(sign | widened << 23 | fraction << bits_dropped);
}

/// The value of a BF16: the upper half of a float.
inline float from_bf16(Half half) { return std::bit_cast<float>(std::uint32_t{half.bits} << 16); }

/// Converts the elements in `bytes`, which need not be aligned, after `widen` has made a number of each.
/// Returns the index of the first element that does not fit, or nothing if all fit.
template <class From, class To, class Widen = std::identity>
std::optional<std::size_t> convert_from(std::span<const std::byte> bytes, std::span<To> to,
                                        const Widen& widen = {}) {
    if constexpr (std::is_same_v<To, From>) {
        if (!to.empty()) std::memcpy(to.data(), bytes.data(), bytes.size());
    } else {
        for (std::size_t i = 0; i < to.size(); ++i) {
            From stored;
            std::memcpy(&stored, bytes.data() + i * sizeof(From), sizeof(From));
            const auto value = widen(stored);
            if (!fits<To>(value)) return i;
            to[i] = static_cast<To>(value);
        }
    }
    return std::nullopt;
}

template <class To>
std::optional<std::size_t> convert(Dtype from, std::span<const std::byte> bytes, std::span<To> to) {
    static_assert(std::floating_point<To> || (std::integral<To> && !std::is_same_v<To, bool>),
                  "ctgan: tensors convert to floating-point and integer types");
    switch (from) {
    case Dtype::F64:
        return convert_from<double>(bytes, to);
    case Dtype::F32:
        return convert_from<float>(bytes, to);
    case Dtype::F16:
        return convert_from<Half>(bytes, to, from_f16);
    case Dtype::BF16:
        return convert_from<Half>(bytes, to, from_bf16);
    case Dtype::I64:
        return convert_from<std::int64_t>(bytes, to);
    case Dtype::I32:
        return convert_from<std::int32_t>(bytes, to);
    case Dtype::U8:
        return convert_from<std::uint8_t>(bytes, to);
    }
    return std::nullopt;
}

/// The range of To in words, for messages.
template <class To>
std::string range_text() {
    using Limits = std::numeric_limits<To>;
    if constexpr (std::floating_point<To>)
        return sizeof(To) == 4 ? "a magnitude of at most 3.4e38" : "a magnitude of at most 1.8e308";
    else
        return "a whole number from " + std::to_string((Limits::min)()) + " to " +
               std::to_string((Limits::max)());
}

} // namespace ctgan::inline CTGAN_ABI::io::detail
