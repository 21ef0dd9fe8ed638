#pragma once

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
    Folder(const std::filesystem::path& path, bool resumed) : path_(path), lock_(made(path, resumed)) {
        make(samples());
        ctgan::io::remove_leftovers(path_);
        ctgan::io::remove_leftovers(samples());
    }

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
        if (!resumed) make(path);
        return path;
    }
    static void make(const std::filesystem::path& path) {
        std::error_code code;
        std::filesystem::create_directories(path, code);
        if (code || !std::filesystem::is_directory(path, code))
            throw ctgan::io::Error(path, code ? code.message() : "something else of that name",
                                   "a folder to write to");
    }

    std::filesystem::path path_;
    ctgan::io::FolderLock lock_;
};

} // namespace train
