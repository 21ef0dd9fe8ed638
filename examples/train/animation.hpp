#pragma once

#include "folder.hpp"
#include <cstddef>
#include <filesystem>

namespace train {

/// Throws io::Error unless --animate can write this file: its name ends with .gif or .png, the program can
/// write such files, and the folder exists.
void require_animation(const std::filesystem::path& path);
/// Throws io::Error if the file, if any, cannot hold pictures of so many channels.
void require_animation_of(const std::filesystem::path& path, int channels);

/// Writes the pictures of the first `epochs` epochs that are in the folder of a run as an animation, evenly
/// chosen if there are more than 200. Returns how many it has. Throws io::Error.
std::size_t animate(const std::filesystem::path& path, const Folder& folder, std::size_t epochs);

} // namespace train
