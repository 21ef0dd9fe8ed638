#include "run_report.hpp"

#include <ctgan/version.hpp>

#include <fmt/core.h>

#include "host_networks.hpp"
#include "progress.hpp"
#include <algorithm>
#include <cstddef>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <sys/utsname.h>
#include <system_error>
#include <utility>

namespace train {

namespace {

/// A word of a command for the shell: in quotes unless it has only characters that mean themselves.
std::string shell_word(const std::string& word) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=.,:/@%";
    if (!word.empty() && word.find_first_not_of(plain) == word.npos) return word;
    std::string quoted = "'";
    for (const char character : word) {
        if (character == '\'')
            quoted += "'\\''";
        else
            quoted += character;
    }
    return quoted + "'";
}

/// The command that started this process, without --resume.
std::string command_of(const RunReport::Run& run) {
    std::string text = run.ranks > 1 ? fmt::format("mpiexec -n {}", run.ranks) : "";
    for (const std::string& word : run.command) {
        if (word == "--resume") continue;
        if (!text.empty()) text += ' ';
        text += shell_word(word);
    }
    return text;
}

/// The name of the processor, or an empty text if the system does not tell.
std::string processor() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (const auto colon = line.find(": "); line.rfind("model name", 0) == 0 && colon != line.npos)
            return line.substr(colon + 2);
    return {};
}

std::string operating_system() {
    utsname name{};
    if (::uname(&name) != 0) return {};
    return fmt::format("{} {}, {}", name.sysname, name.release, name.machine);
}

std::string compiler() {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "g++ " __VERSION__;
#else
    return {};
#endif
}

std::string time_of_day() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    char text[32];
    if (!::gmtime_r(&now, &utc) || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &utc) == 0)
        return {};
    return text;
}

/// A table without the rows that have no value.
ctgan::plot::ReportTable table(std::string title, std::vector<std::pair<std::string, std::string>> rows) {
    rows.erase(std::remove_if(rows.begin(), rows.end(), [](const auto& row) { return row.second.empty(); }),
               rows.end());
    return {std::move(title), std::move(rows)};
}

/// The pictures of the epochs that are in the folder: an earlier run that was put aside left its own behind.
ctgan::plot::PictureSeries samples_of(const Folder& folder, std::size_t epochs, const PictureKind& kind) {
    // More than fit into a report.
    constexpr std::size_t most = 400;
    ctgan::plot::PictureSeries samples{
        .title = "Samples over time",
        .caption = kind.title() + " that the generator made after each epoch, always from the same noise.",
        .chosen_from = epochs > most ? epochs : 0};
    for (const std::size_t i : ctgan::plot::evenly_chosen(epochs, most)) {
        const auto path = folder.sample(static_cast<long long>(i + 1));
        if (std::filesystem::exists(path))
            samples.pictures.push_back(
                {fmt::format("epoch {}", i + 1), content(path, "a picture of this run")});
    }
    return samples;
}

/// Digits between those of the samples.
ctgan::plot::PictureRow between_samples(const HostNetworks& networks, const RunReport::Generator& generator,
                                        long long steps) {
    constexpr int rows = 4, columns = 9;
    const auto digits = networks.interpolated(generator.weights, generator.noise, rows, columns);
    return {.title = "From one sample to another",
            .caption = "In each row the noise goes in equal steps along a great circle from one noise vector "
                       "of the samples to the next. The generator is in evaluation mode.",
            .pictures = {picture_of(
                fmt::format("{} rows of {} {}, after step {}", rows, columns, networks.kind.several(), steps),
                digits, networks.kind, columns)}};
}

/// The chart with the digits of loss.csv.
ctgan::plot::Chart as_in_csv(ctgan::plot::Chart chart) {
    for (ctgan::plot::Curve& curve : chart.curves)
        for (double& y : curve.y) y = std::stod(fmt::format("{:.9g}", y));
    return chart;
}

} // namespace

RunReport::RunReport(const Run& run, const ctgan::io::SafetensorsFile::Metadata& settings,
                     HostNetworks networks)
    : epochs_(run.epochs), losses_(run.losses), networks_(std::move(networks)), resumed_(run.resumed) {
    constant_.title = "A run of " + run.program;
    ctgan::plot::ReportTable all{"Settings", {settings.begin(), settings.end()}};
    all.rows.emplace_back("epochs", std::to_string(run.epochs));
    constant_.tables = {std::move(all)};
    std::error_code ignored;
    constant_.this_run = {table(
        "Machine and program",
        {{"processor", processor()},
         {"computed on", run.hardware},
         {"system", operating_system()},
         {"ctgan", fmt::format("{}.{}.{}", CTGAN_VERSION_MAJOR, CTGAN_VERSION_MINOR, CTGAN_VERSION_PATCH)},
         {"compiler", compiler()},
         {"started in", std::filesystem::current_path(ignored).string()}})};
    const std::string command = command_of(run);
    constant_.commands = {{"To repeat the run", command},
                          {"To resume it where it was stopped", command + " --resume"}};
}

void RunReport::write(const Folder& folder, const LossHistory& history, const Scoring* scores,
                      const Watching* watching, const Position& position, const Generator& generator) const {
    const std::size_t epochs = history.discriminator().size();
    ctgan::plot::Report report = constant_;
    report.summary = fmt::format("{} of {} epochs are done.", position.epochs, epochs_);
    if (epochs > 0) {
        report.charts = {as_in_csv(history.chart(losses_))};
        report.charts[0].title = "Mean losses of each epoch";
        report.series = {samples_of(folder, epochs, networks_.kind)};
    }
    if (scores) {
        for (auto& chart : scores->charts()) report.charts.push_back(as_in_csv(std::move(chart)));
        report.rows = scores->pictures();
        report.histograms = scores->histograms();
        report.tables.insert(report.tables.begin(), scores->table());
    }
    // First, because it says whether the rest can be believed.
    if (watching) report.tables.insert(report.tables.begin(), watching->table());
    if (!generator.weights.empty())
        report.rows.insert(report.rows.begin(), between_samples(networks_, generator, position.steps));
    report.this_run.push_back(table(
        "Time", {{"steps done", fmt::format("{} of {}", position.steps, position.total_steps)},
                 {resumed_ ? "training since the run was resumed" : "training", clock_time(position.seconds)},
                 {"written", time_of_day()}}));
    ctgan::plot::write_report(folder.report(), report);
}

} // namespace train
