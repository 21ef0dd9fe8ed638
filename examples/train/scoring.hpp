#pragma once

#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/plot/line_chart.hpp>
#include <ctgan/plot/report.hpp>

#include "folder.hpp"
#include "gallery.hpp"
#include "scorer.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace train {

/// Scores the generator every so many epochs, and keeps the best one. A checkpoint holds the figures of
/// finished epochs and the best generator, so a resumed run writes the bytes of one that is not.
class Scoring {
  public:
    /// Scores after each epoch whose number `every` divides, and at the end of the run. The others as for
    /// Scorer.
    Scoring(long long every, const std::filesystem::path& network, const std::filesystem::path& data,
            std::span<const std::uint8_t> pixels, HostNetworks networks)
        : every_(every), network_(network), scorer_(network, data, pixels, std::move(networks)) {}

    /// After an epoch, when both files of weights have been written: scores the generator if that is due and
    /// writes scores.csv and, if it is the best one, generator_best.safetensors. `whole`: all steps of the
    /// epoch were taken; otherwise the run continues from within it, so its generator is not among those of
    /// which the best is kept. `last`: the run ends, so all figures are computed. Returns lines for standard
    /// output. Throws io::Error.
    std::vector<std::string> after_epoch(const Folder& folder, std::int64_t epoch, bool whole, bool last);

    /// The figures of an epoch that was due, if they are the last ones.
    std::optional<Score> of(std::int64_t epoch) const;
    std::int64_t count() const { return scorer_.count(); } ///< digits of each set that is scored

    /// Adds figures and best generator to the tensors of a checkpoint, which refer to this object.
    void gather(std::vector<ctgan::io::TensorToWrite>& tensors) const;
    /// Restores them. `epoch` is the current one. Throws io::Error, and changes nothing, if they are missing,
    /// damaged or of another feature network.
    void restore(const ctgan::io::SafetensorsFile& checkpoint, std::int64_t epoch);
    /// Writes generator_best.safetensors, after restore(): a killed run may have written a later one.
    void write_best(const Folder& folder) const;

    /// For report.html: the curves, and what is known of the best and the last generator.
    std::vector<ctgan::plot::Chart> charts() const;
    ctgan::plot::ReportTable table() const;
    /// Digits that were scored last, and histograms.
    std::vector<ctgan::plot::PictureRow> pictures() const;
    std::vector<ctgan::plot::Histogram> histograms() const;

  private:
    struct Row {
        std::int64_t epoch;
        Score score;
    };
    /// The row with the least kid, of equal ones the earliest; nothing without rows.
    const Row* best() const;
    /// The rows with that of the end of the run, which no checkpoint holds unless its epoch was due.
    std::vector<Row> rows() const;
    void write(const std::filesystem::path& path) const;
    /// What is shown of the digits that were scored last, or nothing.
    const std::optional<Gallery>& shown() const { return end_ ? end_gallery_ : gallery_; }
    Gallery::About about_shown() const;
    /// `any`: whether an epoch was scored before the checkpoint.
    void restore_gallery(const ctgan::io::SafetensorsFile& checkpoint, bool any);

    long long every_;
    std::filesystem::path network_;
    Scorer scorer_;
    std::vector<Row> due_;                  ///< of the epochs that were due
    std::vector<std::byte> best_generator_; ///< the file's bytes
    std::optional<Gallery> gallery_;        ///< of the last epoch that was due
    std::optional<Row> end_;
    std::optional<AllScores> all_; ///< of end_
    std::optional<Gallery> end_gallery_;
};

} // namespace train
