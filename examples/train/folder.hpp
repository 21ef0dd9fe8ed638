#pragma once

#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/folder.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>

namespace train {

/// The folder of a run's results. No other run can use it while this object exists.
class Folder {
  public:
    /// Creates the folder unless a run is resumed, which needs an existing one. Throws io::Error if the
    /// folder cannot be created or another run uses it. Does neither on a rank that only reads from it.
    Folder(const std::filesystem::path& path, bool resumed, bool writes) : path_(path) {
        if (writes) lock_.emplace(made(path, resumed));
    }

    /// Creates the folders for the results and removes temporary files that killed processes left behind.
    void prepare() const {
        ctgan::io::make_folder(samples());
        ctgan::io::remove_leftovers(path_);
        ctgan::io::remove_leftovers(samples());
    }

    /// Moves the checkpoints, the log and the scores of an earlier run into a new folder earlier, earlier-2,
    /// ..., from which it can be resumed, in case --resume was forgotten. Returns that folder, or an empty
    /// path if there was no earlier run.
    std::filesystem::path put_earlier_run_aside() const {
        const auto previous = ctgan::io::previous_of(checkpoint());
        const auto previous_best = ctgan::io::previous_of(best_checkpoint());
        // A run that was killed before its first checkpoint may have written scores or its best state.
        const std::array files{checkpoint(),     previous,          scores(),
                               best_generator(), best_checkpoint(), previous_best};
        if (std::none_of(files.begin(), files.end(),
                         [](const auto& file) { return std::filesystem::exists(file); }))
            return {};
        auto aside = path_ / "earlier";
        for (int number = 2; std::filesystem::exists(aside); ++number)
            aside = path_ / fmt::format("earlier-{}", number);
        for (const auto& file : files) move_aside(file, aside);
        move_aside(step_log(), aside);
        return aside;
    }

    /// Moves a damaged checkpoint aside. Otherwise the next one would keep it as its predecessor.
    void put_damaged_aside() const { move_aside(checkpoint(), path_ / "damaged"); }

    /// Gives the previous best checkpoint the place of the best one. Throws io::Error.
    void take_previous_best() const {
        const auto previous = ctgan::io::previous_of(best_checkpoint());
        std::error_code code;
        std::filesystem::rename(previous, best_checkpoint(), code);
        if (code) throw ctgan::io::Error(previous, code.message(), "to give it the best one's name");
    }

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
    std::filesystem::path sample(long long epoch) const {
        return samples() / fmt::format("epoch_{:04}.png", epoch);
    }

  private:
    static const std::filesystem::path& made(const std::filesystem::path& path, bool resumed) {
        if (!resumed) ctgan::io::make_folder(path);
        return path;
    }

    /// Moves a file, if it exists, into a folder. Throws io::Error.
    static void move_aside(const std::filesystem::path& file, const std::filesystem::path& folder) {
        if (!std::filesystem::exists(file)) return;
        ctgan::io::make_folder(folder);
        std::error_code code;
        std::filesystem::rename(file, folder / file.filename(), code);
        if (code) throw ctgan::io::Error(file, code.message(), "to move it to " + folder.string());
    }

    std::filesystem::path path_;
    std::optional<ctgan::io::FolderLock> lock_;
};

} // namespace train
