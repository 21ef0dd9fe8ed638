#pragma once

#include <ctgan/core/config.hpp>

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

/// Options of make_axis().
struct AxisStyle {
    int max_intervals = 6;      ///< the step between ticks is at least the range divided by this
    bool whole_numbers = false; ///< ticks only at whole numbers, for example for epochs
    bool round_ends = false;    ///< widen the range so that it begins and ends at a tick
};

/// An axis that shows all values that are finite and at most 1e100 in magnitude, with ticks at round numbers.
Axis make_axis(std::span<const double> values, AxisStyle style);

} // namespace ctgan::inline CTGAN_ABI::plot

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/plot/impl/axis.hpp>
#endif
