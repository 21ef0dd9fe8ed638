#include "scoring.hpp"

#include <ctgan/core/finite.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>

#include <fmt/core.h>

#include "record.hpp"
#include <algorithm>
#include <string_view>
#include <utility>

namespace train {

namespace {

/// A tensor that owns its values.
template <class T>
ctgan::io::TensorToWrite tensor(std::string name, ctgan::io::Dtype dtype, std::vector<T> values) {
    const std::uint64_t n = values.size();
    return {std::move(name), dtype, {n}, {}, [kept = std::move(values)](std::uint64_t first) {
                return std::as_bytes(std::span<const T>(kept)).subspan(first);
            }};
}

/// The finite numbers of a tensor. Throws io::Error.
std::vector<double> numbers(const ctgan::io::SafetensorsFile& file, const char* name, std::size_t count) {
    auto values = file.values<double>(name);
    if (values.size() != count || file.tensor(name).dtype != ctgan::io::Dtype::F64 ||
        !std::all_of(values.begin(), values.end(), [](double value) { return ctgan::is_finite(value); }))
        throw ctgan::io::Error(file.path(), file.tensor(name).offset,
                               fmt::format("{} as {}", ctgan::io::counted(values.size(), "number"), name),
                               fmt::format("{} finite ones of type F64", count));
    return values;
}

} // namespace

const Scoring::Row* Scoring::best() const {
    const auto least = std::min_element(due_.begin(), due_.end(),
                                        [](const Row& a, const Row& b) { return a.score.kid < b.score.kid; });
    return least == due_.end() ? nullptr : &*least;
}

std::vector<Scoring::Row> Scoring::rows() const {
    auto rows = due_;
    if (end_ && (rows.empty() || rows.back().epoch != end_->epoch)) rows.push_back(*end_);
    return rows;
}

std::vector<std::string> Scoring::after_epoch(const Folder& folder, std::int64_t epoch, bool whole,
                                              bool last) {
    const bool due = whole && epoch % every_ == 0;
    if (!due && !last) return {};
    const Row row{epoch, scorer_.score(folder.generator())};
    auto gallery = scorer_.gallery(folder.discriminator());
    if (last) end_gallery_ = gallery;
    if (due) {
        due_.push_back(row);
        gallery_ = std::move(gallery);
        if (best()->epoch == epoch) {
            best_generator_ = content(folder.generator(), "the generator that was just written");
            write_best(folder);
        }
    }
    std::vector<std::string> lines{fmt::format("epoch {}  kid {:.6g}  coverage {:.4f}  of {} {}{}", epoch,
                                               row.score.kid, row.score.coverage, scorer_.count(),
                                               scorer_.kind().several(),
                                               due && best()->epoch == epoch ? ", the best kid so far" : "")};
    if (last) {
        end_ = row;
        all_ = scorer_.all();
        lines.push_back(all_->line);
    }
    write(folder.scores());
    return lines;
}

std::optional<Score> Scoring::of(std::int64_t epoch) const {
    if (due_.empty() || due_.back().epoch != epoch) return std::nullopt;
    return due_.back().score;
}

void Scoring::write(const std::filesystem::path& path) const {
    std::string csv = "epoch,count,kid,coverage,fld,precision,recall,density,score\n";
    for (const Row& row : rows()) {
        csv +=
            fmt::format("{},{},{:.9g},{:.9g}", row.epoch, scorer_.count(), row.score.kid, row.score.coverage);
        if (all_ && row.epoch == end_->epoch)
            csv += fmt::format(",{:.9g},{:.9g},{:.9g},{:.9g},{:.9g}\n", all_->fld, all_->precision,
                               all_->recall, all_->density, all_->classifier);
        else
            csv += ",,,,,\n";
    }
    ctgan::io::write_atomically(path, csv);
}

void Scoring::write_best(const Folder& folder) const {
    if (!best_generator_.empty()) ctgan::io::write_atomically(folder.best_generator(), best_generator_);
}

void Scoring::gather(std::vector<ctgan::io::TensorToWrite>& tensors) const {
    using ctgan::io::Dtype;
    std::vector<std::int64_t> epochs;
    std::vector<double> kid, coverage;
    for (const Row& row : due_) {
        epochs.push_back(row.epoch);
        kid.push_back(row.score.kid);
        coverage.push_back(row.score.coverage);
    }
    const std::string& network = scorer_.network();
    tensors.push_back(
        tensor("run.score_network", Dtype::U8, std::vector<char>(network.begin(), network.end())));
    tensors.push_back(tensor("run.score_epochs", Dtype::I64, std::move(epochs)));
    tensors.push_back(tensor("run.score_kid", Dtype::F64, std::move(kid)));
    tensors.push_back(tensor("run.score_coverage", Dtype::F64, std::move(coverage)));
    tensors.push_back({"run.best_generator", Dtype::U8, {best_generator_.size()}, best_generator_});
    const Gallery shown = gallery_.value_or(Gallery{});
    tensors.push_back(tensor("run.shown_digits", Dtype::U8, shown.digits));
    tensors.push_back(tensor("run.shown_labels", Dtype::I64, shown.labels));
    tensors.push_back(tensor("run.shown_probabilities", Dtype::F64, shown.probabilities));
    tensors.push_back(tensor("run.shown_distances", Dtype::F64, shown.distances));
    tensors.push_back(tensor("run.shown_shares", Dtype::F64, shown.shares));
}

void Scoring::restore(const ctgan::io::SafetensorsFile& checkpoint, std::int64_t epoch) {
    const auto bytes = [&](const char* name) {
        const auto& found = checkpoint.tensor(name);
        return std::vector<std::byte>(found.bytes.begin(), found.bytes.end());
    };
    const auto network = bytes("run.score_network");
    const std::string_view text(reinterpret_cast<const char*>(network.data()), network.size());
    if (text != scorer_.network())
        throw ctgan::io::Error(checkpoint.path(),
                               fmt::format("scores by a network of CRC-32 {}", ctgan::io::printable(text)),
                               fmt::format("one of {}, as {}", scorer_.network(), network_.string()));
    const auto epochs = checkpoint.values<std::int64_t>("run.score_epochs");
    std::vector<std::int64_t> expected;
    for (std::int64_t due = every_; due < epoch; due += every_) expected.push_back(due);
    if (epochs != expected)
        throw ctgan::io::Error(checkpoint.path(),
                               fmt::format("scores of {}", ctgan::io::counted(epochs.size(), "epoch")),
                               fmt::format("those of the {} that were due", expected.size()));
    const auto kid = numbers(checkpoint, "run.score_kid", epochs.size());
    const auto coverage = numbers(checkpoint, "run.score_coverage", epochs.size());
    auto generator = bytes("run.best_generator");
    if (generator.empty() != epochs.empty())
        throw ctgan::io::Error(checkpoint.path(),
                               ctgan::io::counted(generator.size(), "byte") + " of the best generator",
                               epochs.empty() ? "none before the first scores" : "a file of weights");
    restore_gallery(checkpoint, !epochs.empty());
    due_.clear();
    for (std::size_t i = 0; i < epochs.size(); ++i) due_.push_back({epochs[i], {kid[i], coverage[i]}});
    best_generator_ = std::move(generator);
}

void Scoring::restore_gallery(const ctgan::io::SafetensorsFile& checkpoint, bool any) {
    // An earlier version did not have it: the report then lacks it until the next scores.
    if (!checkpoint.tensors().contains("run.shown_digits")) return;
    const auto n = any ? Gallery::sizes(static_cast<std::size_t>(scorer_.count())) : Gallery::Sizes{0, 0, 0};
    const std::size_t bins =
        Gallery::score_edges(scorer_.logits()).size() + Gallery::confidence_edges().size() - 2;
    Gallery shown;
    const auto& digits = checkpoint.tensor("run.shown_digits");
    const std::size_t bytes = n.digits() * scorer_.kind().size();
    shown.labels = checkpoint.values<std::int64_t>("run.shown_labels");
    if (digits.bytes.size() != bytes || shown.labels.size() != n.certain + n.uncertain)
        throw ctgan::io::Error(checkpoint.path(), digits.offset,
                               fmt::format("{} of digits to show and {}",
                                           ctgan::io::counted(digits.bytes.size(), "byte"),
                                           ctgan::io::counted(shown.labels.size(), "label")),
                               fmt::format("{} and {}", bytes, n.certain + n.uncertain));
    shown.probabilities = numbers(checkpoint, "run.shown_probabilities", shown.labels.size());
    shown.distances = numbers(checkpoint, "run.shown_distances", any ? n.pairs + 1 : 0);
    shown.shares = numbers(checkpoint, "run.shown_shares", any ? 2 * bins : 0);
    for (const std::byte value : digits.bytes) shown.digits.push_back(std::to_integer<std::uint8_t>(value));
    if (any) gallery_ = std::move(shown);
}

std::vector<ctgan::plot::Chart> Scoring::charts() const {
    ctgan::plot::Curve kid{"generated " + scorer_.kind().several()}, coverage = kid;
    for (const Row& row : rows()) {
        for (auto* curve : {&kid, &coverage}) curve->x.push_back(static_cast<double>(row.epoch));
        kid.y.push_back(row.score.kid);
        coverage.y.push_back(row.score.coverage);
    }
    if (kid.x.empty()) return {};
    const auto chart_of = [&](const char* title, const char* figure, ctgan::plot::Curve curve, auto member) {
        ctgan::plot::Chart chart{
            .title = fmt::format("{} {} real {}", title, scorer_.count(), scorer_.kind().several()),
            .x_label = "epoch",
            .y_label = figure,
            .curves = {std::move(curve)}};
        if (scorer_.floor())
            chart.marks = {{(*scorer_.floor()).*member, "other real " + scorer_.kind().several()}};
        return chart;
    };
    return {chart_of("Kernel distance to", "kid", std::move(kid), &Score::kid),
            chart_of("Coverage of", "coverage", std::move(coverage), &Score::coverage)};
}

ctgan::plot::ReportTable Scoring::table() const {
    ctgan::plot::ReportTable table{"Scores", {}};
    const auto add = [&](const char* name, std::string value) {
        table.rows.emplace_back(name, std::move(value));
    };
    if (const Row* row = best())
        add("best generator", fmt::format("epoch {}, kid {:.6g}", row->epoch, row->score.kid));
    if (all_) {
        add("kid at the end", fmt::format("{:.6g}", end_->score.kid));
        add("Fréchet distance", fmt::format("{:.6g}", all_->fld));
        add("precision", fmt::format("{:.4f}", all_->precision));
        add("recall", fmt::format("{:.4f}", all_->recall));
        add("density", fmt::format("{:.4f}", all_->density));
        add("coverage", fmt::format("{:.4f}", end_->score.coverage));
        add("classifier score", fmt::format("{:.4f}", all_->classifier));
    }
    if (table.rows.empty()) return table;
    if (const auto& floor = scorer_.floor())
        add(("other real " + scorer_.kind().several()).c_str(),
            fmt::format("kid {:.6g}, coverage {:.4f}", floor->kid, floor->coverage));
    add((scorer_.kind().several() + " of each set").c_str(), std::to_string(scorer_.count()));
    add("feature network", "LeNet of CRC-32 " + scorer_.network());
    return table;
}

Gallery::About Scoring::about_shown() const {
    return {end_ ? end_->epoch : due_.back().epoch, static_cast<std::size_t>(scorer_.count()),
            scorer_.usual_distance(), scorer_.kind(), scorer_.logits()};
}

std::vector<ctgan::plot::PictureRow> Scoring::pictures() const {
    if (!shown()) return {};
    return shown()->rows(about_shown());
}

std::vector<ctgan::plot::Histogram> Scoring::histograms() const {
    if (!shown()) return {};
    return shown()->histograms(about_shown());
}

} // namespace train
