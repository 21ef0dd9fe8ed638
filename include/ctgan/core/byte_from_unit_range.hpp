#pragma once

#include <ctgan/core/config.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace ctgan::inline CTGAN_ABI::detail {

/// Maps -1 to 0 and 1 to 255, rounding to the nearest integer. Values outside are clamped; NaN becomes 0.
inline std::uint8_t byte_from_unit_range(float value) {
    // Tests the bits, because with a user's -ffast-math every other test for NaN is false.
    const bool not_a_number = (std::bit_cast<std::uint32_t>(value) & 0x7fffffffU) > 0x7f800000U;
    if (not_a_number) return 0;
    const float scaled = (std::clamp(value, -1.0F, 1.0F) + 1.0F) / 2.0F * 255.0F;
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): it is not negative
    return static_cast<std::uint8_t>(scaled + 0.5F);
}

} // namespace ctgan::inline CTGAN_ABI::detail
