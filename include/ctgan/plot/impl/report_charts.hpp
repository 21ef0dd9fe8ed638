#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/plot/impl/line_chart.hpp>
#include <ctgan/plot/impl/report_text.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

/// The charts and histograms of a report: what the page has of them, and what the script gets to draw.
namespace ctgan::inline CTGAN_ABI::plot {

CTGAN_IO_FUNCTION std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most) {
    std::vector<std::size_t> chosen;
    if (count == 0 || most == 0) return chosen;
    if (most == 1) return {count - 1};
    const std::size_t number = (std::min)(count, most);
    if (number == 1) return {0};
    for (std::size_t i = 0; i < number; ++i) chosen.push_back(i * (count - 1) / (number - 1));
    return chosen;
}

namespace detail {

/// What the page says about a chart or a histogram.
struct ChartText {
    const char* kind;   ///< with the number, the id of the figure
    std::size_t number; ///< among those of its kind
    const std::string &title, &x_label, &y_label;
    std::string names; ///< of all curves
    const std::string& caption;
};

/// The names of curves or sets.
template <class Curves>
std::string names_of(const Curves& curves) {
    std::string names;
    for (const auto& curve : curves) names += (names.empty() ? "" : ", ") + curve.name;
    return names;
}

/// A chart as a section of the page, which the script fills.
CTGAN_IO_FUNCTION std::string chart_section(const ChartText& chart) {
    const std::string title = xml_text(chart.title);
    std::string text =
        "<section>\n<h2>" + title + "</h2>\n<figure id=\"" + chart.kind + "-" + std::to_string(chart.number) +
        "\">\n<output class=\"legend\"></output>\n" + "<svg role=\"img\" tabindex=\"0\" aria-label=\"" +
        title + ": " + xml_text(chart.y_label) + " by " + xml_text(chart.x_label) + ", curves " +
        xml_text(chart.names) + ". Arrow keys read the values, plus and minus zoom, 0 shows all.\"></svg>\n" +
        "<div class=\"tools\">" +
        "<button type=\"button\" aria-label=\"Zoom in\" title=\"Zoom in\">+</button>" +
        "<button type=\"button\" aria-label=\"Zoom out\" title=\"Zoom out\">&minus;</button>" +
        "<button type=\"button\">Show all</button></div>\n";
    if (!chart.caption.empty()) text += "<figcaption>" + xml_text(chart.caption) + "</figcaption>\n";
    return text + "<details><summary>Table of the values</summary>" +
           "<div class=\"values\" role=\"region\" tabindex=\"0\" aria-label=\"Values of " + title +
           "\"></div></details>\n</figure>\n</section>\n";
}

/// A JSON array of what `text_of` returns for each value.
template <class Values, class Text>
std::string json_list(const Values& values, const Text& text_of) {
    std::string text = "[";
    for (const auto& value : values) {
        if (text.size() > 1) text += ',';
        text += text_of(value);
    }
    return text += ']';
}

CTGAN_IO_FUNCTION std::string chart_data(const Chart& chart, std::size_t most_points) {
    const auto values = [&](const std::vector<double>& all) {
        return json_list(evenly_chosen(all.size(), most_points),
                         [&](std::size_t i) { return json_number(all[i]); });
    };
    const auto curve_data = [&](const Curve& curve) {
        return "{\"name\":" + json_string(curve.name) + ",\"x\":" + values(curve.x) +
               ",\"y\":" + values(curve.y) + '}';
    };
    const auto mark_data = [](const Mark& mark) {
        return "{\"y\":" + json_number(mark.y) + ",\"label\":" + json_string(mark.label) + '}';
    };
    return "{\"x_label\":" + json_string(chart.x_label) + ",\"y_label\":" + json_string(chart.y_label) +
           ",\"curves\":" + json_list(chart.curves, curve_data) +
           ",\"marks\":" + json_list(chart.marks, mark_data) + '}';
}

CTGAN_IO_FUNCTION std::string histogram_data(const Histogram& histogram) {
    const auto set_data = [](const HistogramSet& set) {
        return "{\"name\":" + json_string(set.name) + ",\"y\":" + json_list(set.shares, json_number) + '}';
    };
    return "{\"x_label\":" + json_string(histogram.x_label) +
           ",\"y_label\":" + json_string(histogram.y_label) +
           ",\"edges\":" + json_list(histogram.edges, json_number) +
           ",\"curves\":" + json_list(histogram.sets, set_data) + '}';
}

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI::plot
