#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/plot/axis.hpp>
#include <ctgan/plot/impl/axis.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::plot {

namespace detail {

/// Text for an XML file: the five characters that XML reserves are escaped. Control characters become spaces,
/// because XML forbids most of them.
CTGAN_IO_FUNCTION std::string xml_text(std::string_view text) {
    std::string result;
    for (const char character : text) {
        switch (character) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&apos;";
            break;
        default:
            result += static_cast<unsigned char>(character) < 0x20 || character == 0x7f ? ' ' : character;
        }
    }
    return result;
}

/// Draws one Chart. The numbers below are in SVG user units: pixels at the natural size.
class SvgChart {
  public:
    explicit SvgChart(const Chart& chart) : chart_(chart) {
        std::vector<double> all_x, all_y;
        for (const Curve& curve : chart.curves) {
            if (curve.x.size() != curve.y.size())
                throw std::invalid_argument("render_svg: a curve has as many x as y");
            for (std::size_t i = 0; i < curve.x.size(); ++i) {
                if (!drawable(curve.x[i]) || !drawable(curve.y[i])) continue;
                all_x.push_back(curve.x[i]);
                all_y.push_back(curve.y[i]);
            }
        }
        const bool whole =
            std::all_of(all_x.begin(), all_x.end(), [](double x) { return x == std::floor(x); });
        for (const Mark& mark : chart.marks) {
            if (!drawable(mark.y)) continue;
            all_y.push_back(mark.y);
            // Labels are shown beside the plot, where no curve crosses them.
            right_ = (std::min)(right_,
                                (std::max)(rightmost - 8 - text_width(mark.label), (left + rightmost) / 2));
        }
        // Show zero as well, because losses are compared with it, unless that would squeeze the curves into
        // the upper half.
        const auto [low, high] = std::minmax_element(all_y.begin(), all_y.end());
        if (!all_y.empty() && *low > 0 && *low < *high / 2) all_y.push_back(0);
        x_axis_ = make_axis(all_x, {.max_intervals = 10, .whole_numbers = whole});
        y_axis_ = make_axis(all_y, {.max_intervals = 6, .round_ends = true});
    }

    std::string render() {
        begin();
        draw_grid();
        for (std::size_t i = 0; i < chart_.curves.size(); ++i) draw_curve(chart_.curves[i], color(i));
        draw_marks();
        draw_legend();
        return std::move(svg_ += "</svg>\n");
    }

  private:
    using Point = std::pair<double, double>;

    static constexpr double width = 800, height = 450, left = 76, rightmost = 776, top = 84, bottom = 390;
    static constexpr std::string_view ink = "#1f2937", faint_ink = "#4b5563", grid = "#e5e7eb";

    static constexpr std::size_t max_points = 2800; ///< a curve with more points is thinned

    /// Blue and vermilion come first, because color-blind readers can tell them apart.
    static std::string_view color(std::size_t index) {
        constexpr std::array<std::string_view, 6> colors{"#0072b2", "#d55e00", "#009e73",
                                                         "#cc79a7", "#56b4e9", "#e69f00"};
        return colors[index % colors.size()];
    }

    /// A coordinate with at most two decimals. (std::to_string would depend on the locale.)
    static std::string number(double value) {
        std::array<char, 64> text{};
        const double rounded = std::round(value * 100) / 100;
        return {text.data(), std::to_chars(text.data(), text.data() + text.size(), rounded).ptr};
    }

    /// An estimate from the mean width of a letter, because an SVG file cannot measure its text.
    static double text_width(std::string_view text) { return 7.2 * static_cast<double>(text.size()); }

    double x_of(double value) const { return left + (right_ - left) * x_axis_.position(value); }
    double y_of(double value) const { return bottom - (bottom - top) * y_axis_.position(value); }

    void append(std::initializer_list<std::string_view> parts) {
        for (const std::string_view part : parts) svg_ += part;
    }

    void line(double x1, double y1, double x2, double y2, std::string_view style) {
        append({"<line x1=\"", number(x1), "\" y1=\"", number(y1), "\" x2=\"", number(x2), "\" y2=\"",
                number(y2), "\" ", style, "/>\n"});
    }

    void text(double x, double y, std::string_view content, std::string_view style) {
        append({"<text x=\"", number(x), "\" y=\"", number(y), "\" ", style, ">", xml_text(content),
                "</text>\n"});
    }

    void begin() {
        const std::string title = xml_text(chart_.title);
        append({"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", number(width), "\" height=\"",
                number(height), "\" viewBox=\"0 0 ", number(width), " ", number(height),
                "\" role=\"img\" aria-label=\"", title,
                // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one string on two lines
                "\" font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"13\" "
                "fill=\"",
                ink, "\">\n<title>", title, "</title>\n"});
        // A white background, so that the dark text can be read on dark pages, too.
        append({"<rect x=\"0.5\" y=\"0.5\" width=\"", number(width - 1), "\" height=\"", number(height - 1),
                "\" rx=\"8\" fill=\"#ffffff\" stroke=\"#d1d5db\"/>\n"});
        text(left, 34, chart_.title, "font-size=\"18\" font-weight=\"600\"");
    }

    void draw_grid() {
        const std::string small_font =
            "font-size=\"12\" fill=\"" + std::string(faint_ink) + "\" text-anchor=";
        const std::string grid_style = "stroke=\"" + std::string(grid) + "\"";
        const std::string axis_style = "stroke=\"" + std::string(faint_ink) + "\"";
        for (std::size_t i = 0; i < y_axis_.ticks.size(); ++i) {
            const double y = y_of(y_axis_.ticks[i]);
            line(left, y, right_, y, grid_style);
            text(left - 10, y + 4, y_axis_.labels[i], small_font + "\"end\"");
        }
        for (std::size_t i = 0; i < x_axis_.ticks.size(); ++i) {
            const double x = x_of(x_axis_.ticks[i]);
            line(x, bottom, x, bottom + 5, axis_style);
            text(x, bottom + 20, x_axis_.labels[i], small_font + "\"middle\"");
        }
        line(left, bottom, right_, bottom, axis_style);
        text((left + right_) / 2, height - 16, chart_.x_label, "text-anchor=\"middle\"");
        const std::string middle = number((top + bottom) / 2);
        text(0, 0, chart_.y_label,
             "text-anchor=\"middle\" transform=\"translate(24 " + middle + ") rotate(-90)\"");
    }

    void draw_marks() {
        std::vector<const Mark*> marks;
        for (const Mark& mark : chart_.marks)
            if (drawable(mark.y)) marks.push_back(&mark);
        // From top to bottom; marks at the same height keep their order.
        std::sort(marks.begin(), marks.end(),
                  [](const Mark* a, const Mark* b) { return a->y != b->y ? a->y > b->y : a < b; });
        double label_y = 0;
        for (const Mark* mark : marks) {
            const double y = y_of(mark->y);
            line(left, y, right_, y, "stroke=\"" + std::string(faint_ink) + "\" stroke-dasharray=\"6 4\"");
            constexpr double label_height = 15; // if marks are close together, their labels move down
            label_y = (std::max)(y + 4, label_y + label_height);
            text(right_ + 8, label_y, mark->label,
                 "font-size=\"12\" fill=\"" + std::string(faint_ink) + "\"");
        }
    }

    void draw_curve(const Curve& curve, std::string_view stroke) {
        // A curve of at most this many points shows them as dots, because they are the measured values.
        constexpr std::size_t max_dots = 60;
        const bool dense = curve.x.size() > max_points;
        const std::string_view line_style =
            dense ? "stroke-width=\"1\" stroke-opacity=\"0.75\"" : "stroke-width=\"2\"";
        std::vector<Point> run;
        const auto finish_run = [&] {
            const std::vector<Point> shown = thinned(run);
            if (shown.size() > 1) {
                append({"<polyline fill=\"none\" stroke=\"", stroke, "\" ", line_style,
                        " stroke-linejoin=\"round\" stroke-linecap=\"round\" points=\""});
                for (const auto& [x, y] : shown) append({number(x), ",", number(y), " "});
                svg_.back() = '"';
                svg_ += "/>\n";
            }
            if (shown.size() == 1 || curve.x.size() <= max_dots)
                for (const auto& [x, y] : shown)
                    append({"<circle cx=\"", number(x), "\" cy=\"", number(y), "\" r=\"3\" fill=\"", stroke,
                            "\"/>\n"});
            run.clear();
        };
        for (std::size_t i = 0; i < curve.x.size(); ++i) {
            if (drawable(curve.x[i]) && drawable(curve.y[i]))
                run.emplace_back(x_of(curve.x[i]), y_of(curve.y[i]));
            else
                finish_run();
        }
        finish_run();
    }

    /// Thins a curve of very many points, to keep the file small. Of the points within half a pixel of width,
    /// it keeps the lowest and the highest, so the curve looks the same.
    static std::vector<Point> thinned(const std::vector<Point>& points) {
        if (points.size() <= max_points) return points;
        const auto column = [](const Point& point) { return std::floor(2 * point.first); };
        const auto lower = [](const Point& a, const Point& b) { return a.second < b.second; };
        std::vector<Point> kept;
        for (auto begin = points.begin(); begin != points.end();) {
            const auto end = std::find_if(begin, points.end(),
                                          [&](const Point& p) { return column(p) != column(*begin); });
            auto [first, second] = std::minmax_element(begin, end, lower);
            if (second < first) std::swap(first, second);
            kept.push_back(*first);
            if (first != second) kept.push_back(*second);
            begin = end;
        }
        return kept;
    }

    void draw_legend() {
        double x = left;
        for (std::size_t i = 0; i < chart_.curves.size(); ++i) {
            constexpr double y = 58, swatch = 24, gap = 28;
            line(x, y, x + swatch, y,
                 "stroke=\"" + std::string(color(i)) + "\" stroke-width=\"3\" stroke-linecap=\"round\"");
            text(x + swatch + 8, y + 4, chart_.curves[i].name, "");
            x += swatch + 8 + text_width(chart_.curves[i].name) + gap;
        }
    }

    const Chart& chart_;
    Axis x_axis_, y_axis_;
    double right_ = rightmost; ///< right end of the plot; the labels of the marks come after it
    std::string svg_;
};

} // namespace detail

CTGAN_IO_FUNCTION std::string render_svg(const Chart& chart) { return detail::SvgChart(chart).render(); }

CTGAN_IO_FUNCTION void write_svg(const std::filesystem::path& path, const Chart& chart) {
    io::write_atomically(path, render_svg(chart));
}

} // namespace ctgan::inline CTGAN_ABI::plot
