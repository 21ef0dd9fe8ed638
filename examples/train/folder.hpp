#pragma once

#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/folder.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace train {

/// The folder of a run's results, which is this process's alone as long as this lives.
class Folder {
  public:
    /// Makes the folder, unless a run is resumed, which has one. Throws io::Error.
    Folder(const std::filesystem::path& path, bool resumed) : path_(path), lock_(made(path, resumed)) {}

    /// Removes what killed processes left, and makes room for what is to be written.
    void prepare() const {
        ctgan::io::make_folder(samples());
        ctgan::io::remove_leftovers(path_);
        ctgan::io::remove_leftovers(samples());
    }

    /// Moves an earlier run's checkpoints and log into a folder earlier, earlier-2, ... of their own, where
    /// it can be resumed: somebody may only have forgotten to say so. Returns that folder, empty where there
    /// was no such run.
    std::filesystem::path put_earlier_run_aside() const {
        const auto previous = ctgan::io::previous_of(checkpoint());
        if (!std::filesystem::exists(checkpoint()) && !std::filesystem::exists(previous)) return {};
        auto aside = path_ / "earlier";
        for (int number = 2; std::filesystem::exists(aside); ++number)
            aside = path_ / fmt::format("earlier-{}", number);
        for (const auto& file : {checkpoint(), previous, step_log()}) move_aside(file, aside);
        return aside;
    }

    /// Puts a damaged checkpoint aside, so that it cannot become a predecessor.
    void put_damaged_aside() const { move_aside(checkpoint(), path_ / "damaged"); }

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
    std::filesystem::path generator() const { return path_ / "generator.safetensors"; }
    std::filesystem::path discriminator() const { return path_ / "discriminator.safetensors"; }
    std::filesystem::path step_log() const { return path_ / "steps.csv"; }
    std::filesystem::path samples() const { return path_ / "samples"; }
    std::filesystem::path sample(long long epoch) const {
        return samples() / fmt::format("epoch_{:04}.png", epoch);
    }

  private:
    static const std::filesystem::path& made(const std::filesystem::path& path, bool resumed) {
        if (!resumed) ctgan::io::make_folder(path);
        return path;
    }

    /// Moves a file, if there is one, into a folder.
    static void move_aside(const std::filesystem::path& file, const std::filesystem::path& folder) {
        if (!std::filesystem::exists(file)) return;
        ctgan::io::make_folder(folder);
        std::error_code code;
        std::filesystem::rename(file, folder / file.filename(), code);
        if (code) throw ctgan::io::Error(file, code.message(), "to move it to " + folder.string());
    }

    std::filesystem::path path_;
    ctgan::io::FolderLock lock_;
};

} // namespace train
