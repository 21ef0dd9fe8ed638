#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/plot/histogram.hpp>
#include <ctgan/plot/line_chart.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::plot {

/// A picture of a report.
struct ReportPicture {
    std::string label{};          ///< shown with the picture, and its text for readers who cannot see it
    std::vector<std::byte> png{}; ///< a PNG file, such as io::encode_png() returns
};

/// Pictures of which a slider shows one at a time, the last one at first: for example those of all epochs.
struct PictureSeries {
    std::string title{};                   ///< a heading
    std::string caption{};                 ///< a sentence on what the pictures are
    std::vector<ReportPicture> pictures{}; ///< in the slider's order
    std::size_t chosen_from = 0;           ///< how many there were if the caller left some out, else 0
};

/// Pictures side by side, each with its label.
struct PictureRow {
    std::string title{};                   ///< a heading
    std::string caption{};                 ///< a sentence on what the pictures are
    std::vector<ReportPicture> pictures{}; ///< from left to right
};

/// A table of names and values.
struct ReportTable {
    std::string title{};                                     ///< a heading
    std::vector<std::pair<std::string, std::string>> rows{}; ///< name and value
};

/// A command for a shell.
struct ReportCommand {
    std::string title{}; ///< what the command does
    std::string text{};  ///< the command
};

/// What a report shows. A part without contents is left out.
struct Report {
    std::string title{};                   ///< the page's title
    std::string summary{};                 ///< a sentence below it
    std::vector<Chart> charts{};           ///< values under the pointer, a zoom, and a table of the values
    std::vector<PictureSeries> series{};   ///< pictures with a slider
    std::vector<PictureRow> rows{};        ///< pictures side by side
    std::vector<Histogram> histograms{};   ///< values under the pointer, and a table, as for the charts
    std::vector<ReportTable> tables{};     ///< for example the settings
    std::vector<ReportTable> this_run{};   ///< what differs from run to run: the machine, times
    std::vector<ReportCommand> commands{}; ///< shown with this_run
};

/// The report as the text of one HTML file that needs no other file and no network, for browsers of computers
/// and phones, with or without a pointer, in light and dark. It is at most `max_bytes` long. Pictures of the
/// series are left out to that end, evenly; the first and the last one stay, and the page says how many there
/// were. So are the points of a curve of more than 40,000 / the number of curves. Numbers have the digits
/// from which a reader gets the same double; a curve has a gap wherever a value is not finite.
///
/// `this_run` and `commands` are between two lines of the file, `<!-- this run: begin -->` and
/// `<!-- this run: end -->`. Unless they are longer than 32 kB, the other lines depend on the other members
/// alone.
///
/// Throws std::invalid_argument if a curve does not have as many x as y values, if a histogram does not have
/// a share for each of its bins, or if the page is longer than `max_bytes` even with one picture of each
/// series.
std::string render_report(const Report& report, std::size_t max_bytes = 3'000'000);

/// Writes render_report(report) to a file, all or nothing. Throws what render_report() and
/// io::write_atomically() throw.
void write_report(const std::filesystem::path& path, const Report& report);

/// At most `most` of the numbers from 0 to count - 1, evenly spread and in ascending order, with the first
/// and the last one; the last one alone if `most` is 1.
std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most);

} // namespace ctgan::inline CTGAN_ABI::plot

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/plot/impl/report.hpp>
#endif
