#pragma once

#include <ctgan/io/checksum.hpp>
#include <ctgan/io/data_set.hpp>

#include <fmt/core.h>

#include "ranks.hpp"
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace train {

/// The data set in the backend's memory, and its description for Identity. The host's copy is freed before
/// the networks are allocated.
template <class Image, class Images>
struct TrainingData {
    Images images;
    std::string text;

    /// Throws std::exception if the data cannot be read.
    static TrainingData read(const std::filesystem::path& path, const Ranks& ranks) {
        if (ranks.count() == 1) return of(ctgan::io::DataSet<Image>::read(path).pixels());
        std::vector<std::uint8_t> pixels;
        if (ranks.reads_data()) {
            const auto data = ctgan::io::DataSet<Image>::read(path);
            pixels.assign(data.pixels().begin(), data.pixels().end());
        }
        ranks.share_data(pixels);
        return of(pixels);
    }

  private:
    static TrainingData of(std::span<const std::uint8_t> pixels) {
        ctgan::io::Checksum sum;
        sum.add(std::as_bytes(pixels));
        return {Images(pixels),
                fmt::format("{} images of CRC-32 {}", pixels.size() / Image::size, sum.text())};
    }
};

} // namespace train
