#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <string>

namespace ctgan::inline CTGAN_ABI::plot {

namespace detail {

/// Whether a value can be drawn: finite, and not so large that differences overflow.
CTGAN_IO_FUNCTION bool drawable(double value) {
    constexpr double largest = 1e100;
    return is_finite(value) && value >= -largest && value <= largest;
}

/// The smallest of 1, 2, 5, 10, 20, 50, ... (and 0.5, 0.2, ...) that is at least `value`.
CTGAN_IO_FUNCTION double nice_step(double value) {
    const double decade = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * decade >= value * (1 - 1e-9)) return factor * decade;
    return 10 * decade;
}

/// A tick's value as text, with as many decimals as the step between ticks needs.
CTGAN_IO_FUNCTION std::string tick_label(double value, double step) {
    std::array<char, 64> text{};
    const double magnitude = (std::max)(std::fabs(value), step);
    const int decimals = (std::max)(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    const bool short_in_full = magnitude < 1e7 && decimals <= 5;
    const auto end =
        short_in_full
            ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals)
            : std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4);
    return {text.data(), end.ptr};
}

} // namespace detail

CTGAN_IO_FUNCTION Axis make_axis(std::span<const double> values, AxisStyle style) {
    Axis axis;
    bool empty = true;
    for (const double value : values) {
        if (!detail::drawable(value)) continue;
        axis.low = empty ? value : (std::min)(axis.low, value);
        axis.high = empty ? value : (std::max)(axis.high, value);
        empty = false;
    }
    // A range narrower than rounding errors has no values for ticks: widen it around the value.
    const double narrowest = 1e-9 * (std::max)(std::fabs(axis.low), std::fabs(axis.high));
    if (axis.high - axis.low <= narrowest) {
        const double margin = style.whole_numbers ? 1 : (std::max)(std::fabs(axis.high) / 2, 0.5);
        axis.low -= margin;
        axis.high += margin;
    }
    double step = detail::nice_step((axis.high - axis.low) / style.max_intervals);
    if (style.whole_numbers) step = (std::max)(step, 1.0);
    if (style.round_ends) {
        axis.low = std::floor(axis.low / step + 1e-9) * step;
        axis.high = std::ceil(axis.high / step - 1e-9) * step;
    }
    // Each tick is computed from its index, not by adding the step to the last one: rounding errors do not
    // add up, and the loop ends even if adding the step would not change the value.
    const double first = std::ceil(axis.low / step - 1e-9), last = std::floor(axis.high / step + 1e-9);
    const int count = static_cast<int>(last - first) + 1;
    for (int i = 0; i < count; ++i) {
        const double value = (first + i) * step;
        axis.ticks.push_back(value);
        axis.labels.push_back(detail::tick_label(value, step));
    }
    return axis;
}

} // namespace ctgan::inline CTGAN_ABI::plot
