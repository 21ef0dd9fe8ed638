#pragma once

#include "gallery.hpp"
#include "host_networks.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace train {

/// The figures that say after each epoch how good a generator is.
struct Score {
    double kid, coverage;
};

/// The other figures, and a line with all of them.
struct AllScores {
    double fld, precision, recall, density, classifier;
    std::string line; ///< as the first one of score_samples
};

/// Compares digits that a generator draws with real ones. It computes on the CPU whatever the run computes
/// on, has its own random numbers and reads the generator from a file, so it changes nothing in the run. In a
/// program without Eigen there is no such object.
class Scorer {
  public:
    static constexpr int neighbours = 5;
    static constexpr std::size_t most = 2000; ///< digits of each set

    /// `network` is the file of the feature network. `pixels` are real digits: those to compare with, `most`
    /// of them or as many as there are, and if there are twice as many, the others for the floor. They are
    /// from the file or folder `data`. `networks` are those of the run. Throws io::Error if
    /// the network cannot be used or there are too few digits, and std::invalid_argument without Eigen.
    Scorer(const std::filesystem::path& network, const std::filesystem::path& data,
           std::span<const std::uint8_t> pixels, HostNetworks networks);
    ~Scorer();

    /// Draws as many digits as there are real ones and compares them. Throws io::Error if the file of the
    /// generator's weights cannot be read.
    Score score(const std::filesystem::path& generator);
    /// Compares the digits that score() drew last in all ways.
    AllScores all() const;
    /// Shows digits that score() drew last, judged by the discriminator, too, whose weights are in a file.
    /// Throws io::Error if that cannot be read.
    Gallery gallery(const std::filesystem::path& discriminator) const;

    const PictureKind& kind() const;
    /// Whether the discriminator's scores are logits.
    bool logits() const;
    std::int64_t count() const;                ///< digits of each set
    const std::string& network() const;        ///< checksum of the feature network
    const std::optional<Score>& floor() const; ///< of real digits, if there are enough for it
    /// How far at most half of other real digits are from the nearest one, if there are enough for it.
    const std::optional<double>& usual_distance() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace train
