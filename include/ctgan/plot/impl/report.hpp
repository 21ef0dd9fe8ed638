#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/plot/impl/line_chart.hpp>
#include <ctgan/plot/impl/report_chart_script.hpp>
#include <ctgan/plot/impl/report_script.hpp>
#include <ctgan/plot/impl/report_style.hpp>
#include <ctgan/plot/impl/report_text.hpp>

#include <algorithm>
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

/// Writes one Report. The parts of the page that the script reads have the ids `chart-N`, `series-N` and
/// `data`.
class ReportPage {
  public:
    ReportPage(const Report& report, std::size_t max_bytes) : report_(report), max_bytes_(max_bytes) {
        std::size_t curves = 0;
        for (const Chart& chart : report.charts) {
            curves += chart.curves.size();
            for (const Curve& curve : chart.curves)
                if (curve.x.size() != curve.y.size())
                    ctgan::detail::fail_with<std::invalid_argument>({"render_report: curve '", curve.name,
                                                                     "': found ", curve.x.size(), " x and ",
                                                                     curve.y.size(), " y, expected as many"});
        }
        most_points_ = (std::max)(std::size_t{2}, all_points / (std::max)(std::size_t{1}, curves));
    }

    std::string render() {
        const std::string this_run = render_this_run();
        // The shortest page is that with one picture of each series. What this run takes of the limit is
        // always the same, so that the other lines do not depend on it.
        render_with(1, this_run);
        constexpr std::size_t for_this_run = 32000;
        const std::size_t shortest =
            page_.size() - this_run.size() + (std::max)(this_run.size(), for_this_run);
        if (shortest > max_bytes_)
            ctgan::detail::fail_with<std::invalid_argument>({"render_report: found ", shortest,
                                                             " bytes without most pictures of the series, "
                                                             "expected at most ",
                                                             max_bytes_});
        const std::size_t digits = 64 * report_.series.size(); // of the counts that the page states
        const std::size_t all_else = shortest - size_of_series(1) + digits;
        const auto fits = [&](std::size_t most) { return all_else + size_of_series(most) <= max_bytes_; };
        std::size_t longest = 1;
        for (const PictureSeries& series : report_.series)
            longest = (std::max)(longest, series.pictures.size());
        std::size_t most = longest;
        if (!fits(most)) {
            most = 1;
            for (std::size_t too_many = longest; too_many - most > 1;) {
                const std::size_t middle = most + (too_many - most) / 2;
                (fits(middle) ? most : too_many) = middle;
            }
        }
        if (most > 1) render_with(most, this_run);
        return std::move(page_);
    }

  private:
    static constexpr std::size_t all_points = 40000; ///< of all curves, or curves are thinned

    void append(std::initializer_list<std::string_view> parts) {
        for (const std::string_view part : parts) page_ += part;
    }

    /// How many bytes the pictures and labels of all series take, with `most` of each.
    std::size_t size_of_series(std::size_t most) const {
        std::size_t size = 0;
        for (const PictureSeries& series : report_.series)
            for (const std::size_t i : evenly_chosen(series.pictures.size(), most))
                size += base64_size(series.pictures[i].png.size()) +
                        json_string(series.pictures[i].label).size() + 4;
        return size;
    }

    void render_with(std::size_t most_pictures, const std::string& this_run) {
        page_.clear();
        const std::string title = xml_text(report_.title);
        append({"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
                // Nothing but what this file holds: no other file, no network, no form.
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ",
                "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; ",
                "form-action 'none'\">\n",
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                "<meta name=\"color-scheme\" content=\"light dark\">\n", "<title>", title,
                "</title>\n<style>", report_style, "</style>\n</head>\n<body>\n<main>\n<h1>", title,
                "</h1>\n"});
        if (!report_.summary.empty()) append({"<p>", xml_text(report_.summary), "</p>\n"});
        append({"<noscript><p>Charts and sliders need JavaScript, which is part of this page.</p>",
                "</noscript>\n"});
        for (std::size_t i = 0; i < report_.charts.size(); ++i)
            if (!report_.charts[i].curves.empty()) add_chart(report_.charts[i], i);
        for (std::size_t i = 0; i < report_.series.size(); ++i)
            if (!report_.series[i].pictures.empty()) add_series(report_.series[i], i, most_pictures);
        for (const PictureRow& row : report_.rows)
            if (!row.pictures.empty()) add_row(row);
        for (const ReportTable& table : report_.tables) page_ += table_text(table, "h2");
        page_ += this_run;
        append({"</main>\n<script type=\"application/json\" id=\"data\">", data(most_pictures),
                "</script>\n<script>", report_chart_script, report_script, "</script>\n</body>\n</html>\n"});
    }

    void add_chart(const Chart& chart, std::size_t number) {
        const std::string title = xml_text(chart.title);
        std::string names;
        for (const Curve& curve : chart.curves) names += (names.empty() ? "" : ", ") + xml_text(curve.name);
        append({"<section>\n<h2>",
                title,
                "</h2>\n<figure id=\"chart-",
                std::to_string(number),
                "\">\n",
                "<output class=\"legend\"></output>\n",
                "<svg role=\"img\" tabindex=\"0\" aria-label=\"",
                title,
                ": ",
                xml_text(chart.y_label),
                " by ",
                xml_text(chart.x_label),
                ", curves ",
                names,
                ". Arrow keys read the values, plus and minus zoom, 0 shows all.\"></svg>\n",
                "<div class=\"tools\">",
                "<button type=\"button\" aria-label=\"Zoom in\" title=\"Zoom in\">+</button>",
                "<button type=\"button\" aria-label=\"Zoom out\" title=\"Zoom out\">&minus;</button>",
                "<button type=\"button\">Show all</button></div>\n<figcaption>",
                "Drag to zoom. Keys, with the chart in focus: &larr; &rarr; values, + &minus; zoom, 0 all."});
        for (const Curve& curve : chart.curves)
            if (curve.x.size() > most_points_)
                append({" Of ", xml_text(curve.name), " ", std::to_string(most_points_), " of ",
                        std::to_string(curve.x.size()), " values, evenly chosen."});
        append({"</figcaption>\n<details><summary>Table of the values</summary>",
                "<div class=\"values\" role=\"region\" tabindex=\"0\" aria-label=\"Values of ", title,
                "\"></div></details>\n</figure>\n</section>\n"});
    }

    void add_series(const PictureSeries& series, std::size_t number, std::size_t most) {
        const std::size_t count = evenly_chosen(series.pictures.size(), most).size();
        const std::size_t all = (std::max)(series.chosen_from, series.pictures.size());
        const std::string title = xml_text(series.title), last = xml_text(series.pictures.back().label);
        const std::string id = "series-" + std::to_string(number), end = std::to_string(count - 1);
        append({"<section>\n<h2>",
                title,
                "</h2>\n<figure class=\"series\" id=\"",
                id,
                "\">\n",
                "<div class=\"slider\"><label for=\"",
                id,
                "-slider\">",
                title,
                "</label><input type=\"range\" id=\"",
                id,
                "-slider\" min=\"0\" max=\"",
                end,
                "\" value=\"",
                end,
                "\"><output for=\"",
                id,
                "-slider\">",
                last,
                "</output></div>\n"});
        add_picture(series.pictures.back());
        append({"<figcaption>", xml_text(series.caption)});
        if (count < all)
            append({" Shown are ", std::to_string(count), " of ", std::to_string(all),
                    " pictures, evenly chosen, to keep this page small."});
        append({"</figcaption>\n</figure>\n</section>\n"});
    }

    void add_row(const PictureRow& row) {
        append({"<section>\n<h2>", xml_text(row.title), "</h2>\n<p class=\"note\">", xml_text(row.caption),
                "</p>\n<ul class=\"row\">\n"});
        for (const ReportPicture& picture : row.pictures) {
            append({"<li><figure>"});
            add_picture(picture);
            append({"<figcaption>", xml_text(picture.label), "</figcaption></figure></li>\n"});
        }
        append({"</ul>\n</section>\n"});
    }

    void add_picture(const ReportPicture& picture) {
        append({"<img alt=\"", xml_text(picture.label), "\" src=\"data:image/png;base64,",
                base64(picture.png), "\">\n"});
    }

    static std::string table_text(const ReportTable& table, const std::string& heading) {
        if (table.rows.empty()) return {};
        std::string text =
            "<section>\n<" + heading + ">" + xml_text(table.title) + "</" + heading + ">\n<table>\n<tbody>\n";
        for (const auto& [name, value] : table.rows)
            text +=
                "<tr><th scope=\"row\">" + xml_text(name) + "</th><td>" + xml_text(value) + "</td></tr>\n";
        return text += "</tbody>\n</table>\n</section>\n";
    }

    std::string render_this_run() const {
        if (report_.this_run.empty() && report_.commands.empty()) return {};
        std::string text = "<!-- this run: begin -->\n";
        for (const ReportTable& table : report_.this_run) text += table_text(table, "h2");
        if (!report_.commands.empty()) text += "<section>\n<h2>Commands</h2>\n";
        for (const ReportCommand& command : report_.commands)
            text += "<h3>" + xml_text(command.title) + "</h3>\n<pre><code>" + xml_text(command.text) +
                    "</code></pre>\n";
        if (!report_.commands.empty()) text += "</section>\n";
        return text += "<!-- this run: end -->\n";
    }

    /// What the script draws, as JSON. The last picture of a series is not in it, because the page shows it
    /// from the beginning.
    std::string data(std::size_t most_pictures) const {
        return "{\"charts\":" + list(report_.charts, [&](const Chart& chart) { return chart_data(chart); }) +
               ",\"series\":" +
               list(report_.series,
                    [&](const PictureSeries& series) {
                        const auto& pictures = series.pictures;
                        const auto chosen = evenly_chosen(pictures.size(), most_pictures);
                        auto others = chosen;
                        if (!others.empty()) others.pop_back();
                        return "{\"labels\":" +
                               list(chosen, [&](std::size_t i) { return json_string(pictures[i].label); }) +
                               ",\"pictures\":" +
                               list(others,
                                    [&](std::size_t i) { return '"' + base64(pictures[i].png) + '"'; }) +
                               '}';
                    }) +
               '}';
    }

    std::string chart_data(const Chart& chart) const {
        const auto values = [&](const std::vector<double>& all) {
            return list(evenly_chosen(all.size(), most_points_),
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
               ",\"curves\":" + list(chart.curves, curve_data) +
               ",\"marks\":" + list(chart.marks, mark_data) + '}';
    }

    /// A JSON array of what `text_of` returns for each value.
    template <class Values, class Text>
    static std::string list(const Values& values, const Text& text_of) {
        std::string text = "[";
        for (const auto& value : values) {
            if (text.size() > 1) text += ',';
            text += text_of(value);
        }
        return text += ']';
    }

    const Report& report_;
    std::size_t max_bytes_;
    std::size_t most_points_; ///< of a curve
    std::string page_;
};

} // namespace detail

CTGAN_IO_FUNCTION std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most) {
    std::vector<std::size_t> chosen;
    if (count == 0 || most == 0) return chosen;
    if (most == 1) return {count - 1};
    const std::size_t number = (std::min)(count, most);
    if (number == 1) return {0};
    for (std::size_t i = 0; i < number; ++i) chosen.push_back(i * (count - 1) / (number - 1));
    return chosen;
}

CTGAN_IO_FUNCTION std::string render_report(const Report& report, std::size_t max_bytes) {
    return detail::ReportPage(report, max_bytes).render();
}

CTGAN_IO_FUNCTION void write_report(const std::filesystem::path& path, const Report& report) {
    io::write_atomically(path, render_report(report));
}

} // namespace ctgan::inline CTGAN_ABI::plot
