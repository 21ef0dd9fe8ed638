#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/plot/impl/histogram.hpp>
#include <ctgan/plot/impl/line_chart.hpp>
#include <ctgan/plot/impl/report_chart_script.hpp>
#include <ctgan/plot/impl/report_charts.hpp>
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

/// Writes one Report. The parts of the page that the script reads have the ids `chart-N`, `histogram-N`,
/// `series-N` and `data`.
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
        for (const Histogram& histogram : report.histograms)
            for (const HistogramSet& set : histogram.sets)
                if (set.shares.size() + 1 != histogram.edges.size())
                    ctgan::detail::fail_with<std::invalid_argument>(
                        {"render_report: histogram of '", set.name, "': found ", set.shares.size(),
                         " shares and ", histogram.edges.size(), " edges, expected one more edge"});
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
        explained_ = false;
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
        add_charts();
        for (std::size_t i = 0; i < report_.series.size(); ++i)
            if (!report_.series[i].pictures.empty()) add_series(report_.series[i], i, most_pictures);
        for (const PictureRow& row : report_.rows)
            if (!row.pictures.empty()) add_row(row);
        add_histograms();
        for (const ReportTable& table : report_.tables) page_ += table_text(table, "h2");
        page_ += this_run;
        append({"</main>\n<script type=\"application/json\" id=\"data\">", data(most_pictures),
                "</script>\n<script>", report_chart_script, report_script, "</script>\n</body>\n</html>\n"});
    }

    void add_charts() {
        std::string sections;
        for (std::size_t i = 0; i < report_.charts.size(); ++i) {
            const Chart& chart = report_.charts[i];
            std::string caption;
            for (const Curve& curve : chart.curves)
                if (curve.x.size() > most_points_)
                    caption += (caption.empty() ? "Of " : " Of ") + curve.name + " " +
                               std::to_string(most_points_) + " of " + std::to_string(curve.x.size()) +
                               " values, evenly chosen.";
            if (!chart.curves.empty())
                sections += chart_section(
                    {"chart", i, chart.title, chart.x_label, chart.y_label, names_of(chart.curves), caption});
        }
        add_side_by_side(sections);
    }
    void add_histograms() {
        std::string sections;
        for (std::size_t i = 0; i < report_.histograms.size(); ++i) {
            const Histogram& shown = report_.histograms[i];
            if (!shown.sets.empty())
                sections += chart_section({"histogram", i, shown.title, shown.x_label, shown.y_label,
                                           names_of(shown.sets), shown.caption});
        }
        add_side_by_side(sections);
    }
    void add_side_by_side(const std::string& sections) {
        if (sections.empty()) return;
        append({"<div class=\"charts\">\n", sections, "</div>\n"});
        if (!explained_)
            page_ +=
                "<p class=\"note\">In a chart, drag to zoom. Keys, with the chart in focus: &larr; &rarr; "
                "values, + &minus; zoom, 0 all.</p>\n";
        explained_ = true;
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
        return "{\"charts\":" +
               json_list(report_.charts,
                         [&](const Chart& chart) { return chart_data(chart, most_points_); }) +
               ",\"histograms\":" + json_list(report_.histograms, histogram_data) + ",\"series\":" +
               json_list(report_.series,
                         [&](const PictureSeries& series) {
                             const auto& pictures = series.pictures;
                             const auto chosen = evenly_chosen(pictures.size(), most_pictures);
                             auto others = chosen;
                             if (!others.empty()) others.pop_back();
                             return "{\"labels\":" +
                                    json_list(chosen,
                                              [&](std::size_t i) { return json_string(pictures[i].label); }) +
                                    ",\"pictures\":" +
                                    json_list(
                                        others,
                                        [&](std::size_t i) { return '"' + base64(pictures[i].png) + '"'; }) +
                                    '}';
                         }) +
               '}';
    }

    const Report& report_;
    std::size_t max_bytes_;
    std::size_t most_points_; ///< of a curve
    bool explained_ = false;  ///< whether the page says how charts are used
    std::string page_;
};

} // namespace detail

CTGAN_IO_FUNCTION std::string render_report(const Report& report, std::size_t max_bytes) {
    return detail::ReportPage(report, max_bytes).render();
}

CTGAN_IO_FUNCTION void write_report(const std::filesystem::path& path, const Report& report) {
    io::write_atomically(path, render_report(report));
}

} // namespace ctgan::inline CTGAN_ABI::plot
