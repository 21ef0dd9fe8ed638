#pragma once

#include <ctgan/io/checksum.hpp>
#include <ctgan/io/data_set.hpp>

#include "figures.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace scoring {

/// Pictures of a file as bytes, in an order that a seed chooses. So a part of them is a sample of all, even
/// if the file is sorted by classes.
template <class Picture>
class Shuffled {
  public:
    /// `file` is where the images are from, for messages.
    Shuffled(std::filesystem::path file, ctgan::io::DataSet<Picture> images, std::uint64_t seed)
        : file_(std::move(file)),
          images_(std::move(images)),
          order_(ctgan::io::shuffled(images_.count(), seed, 0)) {}

    const std::filesystem::path& file() const { return file_; }
    Index count() const { return images_.count(); }

    /// The bytes of `n` pictures, from number `first` of the order on.
    std::vector<std::uint8_t> part(Index first, Index n) const {
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(n) * Picture::size);
        for (Index i = 0; i < n; ++i) {
            const Index number = order_[static_cast<std::size_t>(first + i)];
            std::copy_n(images_.pixels().data() + number * Picture::size, Picture::size,
                        bytes.data() + i * Picture::size);
        }
        return bytes;
    }

    /// The checksum of all pictures, in the order of the file.
    std::string checksum() const {
        ctgan::io::Checksum sum;
        sum.add(std::as_bytes(images_.pixels()));
        return sum.text();
    }

  private:
    std::filesystem::path file_;
    ctgan::io::DataSet<Picture> images_;
    std::vector<std::uint32_t> order_;
};

/// Real pictures to compare with, and how far other real pictures are from them: what a good generator
/// that copies none comes close to.
struct RealSet {
    Statistics statistics;
    Figures floor;
    Index floor_count = 0; ///< pictures of each side of the floor
};

/// The first `count` of the real pictures, and for the floor as many that follow them. If there are fewer
/// than twice as many, the floor is of two halves of the real pictures.
template <class Picture, class TheNetwork>
RealSet real_set(const Shuffled<Picture>& real, const TheNetwork& network, Index count, int k,
                 std::uint64_t seed) {
    RealSet result;
    result.statistics = statistics_of(score::extract(network, real.part(0, count)), k);
    result.floor_count = std::min(count, real.count() / 2);
    const auto others = score::extract(network, real.part(result.floor_count, result.floor_count));
    if (result.floor_count == count)
        result.floor = compare(result.statistics, others, seed);
    else
        result.floor = compare(statistics_of(score::extract(network, real.part(0, result.floor_count)), k),
                               others, seed);
    return result;
}

} // namespace scoring
