#pragma once

#include <ctgan/io/checksum.hpp>
#include <ctgan/io/data_set.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace scoring {

using ctgan::Index;

/// Pictures of a file as bytes, in an order that a seed chooses. So a part of them is a sample of all, even
/// if the file is sorted by classes.
class Shuffled {
  public:
    /// `file` is where the images are from, for messages.
    template <class Picture>
    Shuffled(std::filesystem::path file, ctgan::io::DataSet<Picture> images, std::uint64_t seed)
        : file_(std::move(file)), size_(Picture::size), order_(ctgan::io::shuffled(images.count(), seed, 0)) {
        const auto kept = std::make_shared<ctgan::io::DataSet<Picture>>(std::move(images));
        pixels_ = kept->pixels();
        images_ = kept;
    }

    const std::filesystem::path& file() const { return file_; }
    Index count() const { return static_cast<Index>(order_.size()); }

    /// The bytes of `n` pictures, from number `first` of the order on.
    std::vector<std::uint8_t> part(Index first, Index n) const {
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(n * size_));
        for (Index i = 0; i < n; ++i) {
            const Index number = order_[static_cast<std::size_t>(first + i)];
            std::copy_n(pixels_.data() + number * size_, size_, bytes.data() + i * size_);
        }
        return bytes;
    }

    /// The checksum of all pictures, in the order of the file.
    std::string checksum() const {
        ctgan::io::Checksum sum;
        sum.add(std::as_bytes(pixels_));
        return sum.text();
    }

  private:
    std::filesystem::path file_;
    Index size_; ///< bytes of a picture
    std::vector<std::uint32_t> order_;
    std::shared_ptr<const void> images_;
    std::span<const std::uint8_t> pixels_; ///< of images_
};

} // namespace scoring
