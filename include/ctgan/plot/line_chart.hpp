#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/plot/axis.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::plot {

/// A line through the points (x[i], y[i]), with a gap wherever a value is not finite.
struct Curve {
    std::string name;        ///< shown in the legend
    std::vector<double> x{}; ///< in the units of Chart::x_label
    std::vector<double> y{}; ///< in the units of Chart::y_label; as many values as x
};

/// A dashed horizontal line with a label.
struct Mark {
    double y;          ///< the value at which the line is drawn
    std::string label; ///< shown at the right end of the line
};

/// A line chart with a legend.
struct Chart {
    std::string title;           ///< shown above the chart
    std::string x_label;         ///< shown below the x axis
    std::string y_label;         ///< shown beside the y axis
    std::vector<Curve> curves{}; ///< in the order of the legend
    std::vector<Mark> marks{};   ///< drawn over the curves
};

/// The chart as the text of a self-contained SVG file. Values that are not finite are left out. A curve of a
/// single point is drawn as a dot. Throws std::invalid_argument if a curve does not have as many x as y
/// values.
std::string render_svg(const Chart& chart);

/// Writes the chart as an SVG file, all or nothing. Throws what render_svg() and write_atomically() throw.
void write_svg(const std::filesystem::path& path, const Chart& chart);

} // namespace ctgan::inline CTGAN_ABI::plot

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/plot/impl/line_chart.hpp>
#endif
