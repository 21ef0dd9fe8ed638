#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace train {

// What the networks of a run make, for its report and scores. They are read from files, and compute on the
// CPU in evaluation mode, whatever the run computes on: nothing in the run changes. A file is one of weights
// or a checkpoint. All functions throw io::Error if it cannot be read.

/// The digits that a generator makes of noise, [digit][value], as bytes.
std::vector<std::uint8_t> drawn(const std::filesystem::path& weights, std::span<const float> noise);

/// `rows` rows of digits, one after the other, as bytes. In row r they are of `columns` points of the great
/// circle (ctgan::slerp) from noise vector 2 r to noise vector 2 r + 1, at equal distances.
std::vector<std::uint8_t> interpolated(const std::filesystem::path& weights, std::span<const float> noise,
                                       int rows, int columns);

/// The scores that a discriminator gives digits of bytes. Its dropout is always active; it draws the masks of
/// a seed of its own, the same each time.
std::vector<double> judged(const std::filesystem::path& weights, std::span<const std::uint8_t> digits);

} // namespace train
