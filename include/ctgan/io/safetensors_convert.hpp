#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/safetensors_dtype.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// Converts the elements in `bytes`, which need not be aligned. Returns the index of the first element that
/// does not fit, or nothing if all fit.
template <class To, class From>
std::optional<std::size_t> convert_from(std::span<const std::byte> bytes, std::span<To> to) {
    if constexpr (std::is_same_v<To, From>) {
        if (!to.empty()) std::memcpy(to.data(), bytes.data(), bytes.size());
    } else {
        for (std::size_t i = 0; i < to.size(); ++i) {
            From value;
            std::memcpy(&value, bytes.data() + i * sizeof(From), sizeof(From));
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
        return convert_from<To, double>(bytes, to);
    case Dtype::F32:
        return convert_from<To, float>(bytes, to);
    case Dtype::I64:
        return convert_from<To, std::int64_t>(bytes, to);
    case Dtype::U8:
        return convert_from<To, std::uint8_t>(bytes, to);
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
