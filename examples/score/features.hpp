#pragma once

#include "kind.hpp"
#include <filesystem>

namespace scoring {

/// The feature networks, read from a file. Their kinds have no `read`. They throw io::Error.
Kind digit_features(const std::filesystem::path& file);
/// Throws std::invalid_argument, with the name of the flag that gave the file, if it is the shipped one,
/// which is for digits.
Kind color_features(const std::filesystem::path& file, const char* flag);

/// Whether a file has the weights of a network for color pictures. Throws io::Error if it cannot be read.
bool sees_color(const std::filesystem::path& file);

} // namespace scoring
