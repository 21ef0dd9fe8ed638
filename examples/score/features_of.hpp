#pragma once

#include "../train/picture_kind.hpp"
#include "kind.hpp"
#include <filesystem>

namespace scoring {

/// The feature network for pictures of a kind, read from a file. The result has no `read` and no `draw`.
/// Throws io::Error, and std::invalid_argument if there is no such network for these pictures, or if the file
/// is the shipped one, for digits, and the pictures are others.
Kind features_of(const train::PictureKind& pictures, const std::filesystem::path& file);

} // namespace scoring
