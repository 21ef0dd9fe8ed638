#include "folder.hpp"

#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/error.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace train {

/// Moves a file, if it exists, into a folder. Throws io::Error.
static void move_aside(const std::filesystem::path& file, const std::filesystem::path& folder) {
    if (!std::filesystem::exists(file)) return;
    ctgan::io::make_folder(folder);
    std::error_code code;
    std::filesystem::rename(file, folder / file.filename(), code);
    if (code) throw ctgan::io::Error(file, code.message(), "to move it to " + folder.string());
}

Folder::Folder(const std::filesystem::path& path, bool resumed, bool writes) : path_(path) {
    if (!writes) return;
    if (!resumed) ctgan::io::make_folder(path);
    lock_.emplace(path);
}

void Folder::prepare() const {
    ctgan::io::make_folder(samples());
    ctgan::io::remove_leftovers(path_);
    ctgan::io::remove_leftovers(samples());
}

std::filesystem::path Folder::put_earlier_run_aside() const {
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

void Folder::take_previous_best() const {
    const auto previous = ctgan::io::previous_of(best_checkpoint());
    std::error_code code;
    std::filesystem::rename(previous, best_checkpoint(), code);
    if (code) throw ctgan::io::Error(previous, code.message(), "to give it the best one's name");
}

void Folder::put_damaged_aside() const { move_aside(checkpoint(), path_ / "damaged"); }

std::filesystem::path Folder::sample(long long epoch) const {
    return samples() / fmt::format("epoch_{:04}.png", epoch);
}

} // namespace train
