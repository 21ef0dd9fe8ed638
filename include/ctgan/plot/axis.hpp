#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::plot {

/// One axis of a chart: the range that it shows, and its ticks, the values that have a label.
struct Axis {
    double low = 0;                    ///< smallest value shown
    double high = 1;                   ///< largest value shown
    std::vector<double> ticks{};       ///< values that have a label, in ascending order
    std::vector<std::string> labels{}; ///< the text of each tick

    /// The position of a value on the axis: 0 at the low end, 1 at the high end.
    double position(double value) const { return (value - low) / (high - low); }
};

namespace detail {

/// Whether a value can be drawn: finite, and not so large that differences overflow.
inline bool drawable(double value) {
    constexpr double largest = 1e100;
    return is_finite(value) && value >= -largest && value <= largest;
}

/// The smallest of 1, 2, 5, 10, 20, 50, ... (and 0.5, 0.2, ...) that is at least `value`.
inline double nice_step(double value) {
    const double decade = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * decade >= value * (1 - 1e-9)) return factor * decade;
    return 10 * decade;
}

/// A tick's value as text, with as many decimals as the step between ticks needs.
inline std::string tick_label(double value, double step) {
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

/// Options of make_axis().
struct AxisStyle {
    int max_intervals = 6;      ///< the step between ticks is at least the range divided by this
    bool whole_numbers = false; ///< ticks only at whole numbers, for example for epochs
    bool round_ends = false;    ///< widen the range so that it begins and ends at a tick
};

/// An axis that shows all values that are finite and at most 1e100 in magnitude, with ticks at round numbers.
inline Axis make_axis(std::span<const double> values, AxisStyle style) {
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
