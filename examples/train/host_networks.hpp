#pragma once

#include "../score/kind.hpp"
#include "picture_kind.hpp"
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace train {

/// What the networks of a run make, for its report and scores. They are read from files, and compute on the
/// CPU in evaluation mode, whatever the run computes on: nothing in the run changes. A file is one of weights
/// or a checkpoint. All functions throw io::Error if it cannot be read.
struct HostNetworks {
    using Bytes = std::vector<std::uint8_t>;

    PictureKind kind;
    bool logits; ///< whether the discriminator's scores are logits, of which 0 means that it cannot tell

    std::int64_t noise_size; ///< values of a noise vector
    /// The digits that a generator makes of noise, [digit][value], as bytes.
    std::function<Bytes(const std::filesystem::path& weights, std::span<const float> noise)> drawn;
    /// The scores that a discriminator gives digits of bytes. Its dropout is always active; it draws the
    /// masks of a seed of its own, the same each time.
    std::function<std::vector<double>(const std::filesystem::path& weights,
                                      std::span<const std::uint8_t> digits)>
        judged;
    /// The feature network for such pictures, of a file. The result has no `read`. Throws
    /// std::invalid_argument, too, if there is none for them.
    std::function<scoring::Kind(const std::filesystem::path& network)> features;

    /// `rows` rows of digits, one after the other, as bytes. In row r they are of `columns` points of the
    /// great circle (ctgan::slerp) from noise vector 2 r to noise vector 2 r + 1, at equal distances.
    Bytes interpolated(const std::filesystem::path& weights, std::span<const float> noise, int rows,
                       int columns) const;
};

/// Those that train_dcgan trains.
HostNetworks reference_on_host();
/// Only train_gan and score_samples are linked with what follows. Those of the presets digits, pictures32 and
/// pictures64.
HostNetworks digits_on_host();
HostNetworks pictures32_on_host();
HostNetworks pictures64_on_host();
/// The networks whose generator is in a file, of weights or a checkpoint; the reference's if there is none
/// that is known. Throws io::Error if the file cannot be read.
HostNetworks networks_of(const std::filesystem::path& weights);

} // namespace train
