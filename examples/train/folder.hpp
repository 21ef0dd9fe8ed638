#pragma once

#include <ctgan/io/folder.hpp>

#include <filesystem>
#include <optional>

namespace train {

/// The folder of a run's results. No other run can use it while this object exists.
class Folder {
  public:
    /// Creates the folder unless a run is resumed, which needs an existing one. Throws io::Error if the
    /// folder cannot be created or another run uses it. Does neither on a rank that only reads from it.
    Folder(const std::filesystem::path& path, bool resumed, bool writes);

    /// Creates the folders for the results and removes temporary files that killed processes left behind.
    void prepare() const;

    /// Moves the checkpoints, the log and the scores of an earlier run into a new folder earlier, earlier-2,
    /// ..., from which it can be resumed, in case --resume was forgotten. Returns that folder, or an empty
    /// path if there was no earlier run.
    std::filesystem::path put_earlier_run_aside() const;

    /// Moves a damaged checkpoint aside. Otherwise the next one would keep it as its predecessor.
    void put_damaged_aside() const;

    /// Gives the previous best checkpoint the place of the best one. Throws io::Error.
    void take_previous_best() const;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
    std::filesystem::path generator() const { return path_ / "generator.safetensors"; }
    std::filesystem::path discriminator() const { return path_ / "discriminator.safetensors"; }
    std::filesystem::path best_generator() const { return path_ / "generator_best.safetensors"; }
    /// With --rollback: the state to go back to.
    std::filesystem::path best_checkpoint() const { return path_ / "checkpoint_best.safetensors"; }
    std::filesystem::path scores() const { return path_ / "scores.csv"; }
    std::filesystem::path step_log() const { return path_ / "steps.csv"; }
    std::filesystem::path report() const { return path_ / "report.html"; }
    std::filesystem::path samples() const { return path_ / "samples"; }
    std::filesystem::path sample(long long epoch) const;

  private:
    std::filesystem::path path_;
    std::optional<ctgan::io::FolderLock> lock_;
};

} // namespace train
