#pragma once

#include <ctgan/io/checksum.hpp>
#include <ctgan/io/data_set.hpp>

#include <fmt/core.h>

#include "ranks.hpp"
#include <algorithm>
#include <cstddef>
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
    std::vector<std::uint8_t> chosen; ///< images to compare with, on the host

    /// `choose` is how many images to keep on the host, or all if there are fewer. Throws std::exception if
    /// the data cannot be read.
    static TrainingData read(const std::filesystem::path& path, const Ranks& ranks, std::size_t choose) {
        if (ranks.count() == 1) return of(ctgan::io::DataSet<Image>::read(path).pixels(), choose);
        std::vector<std::uint8_t> pixels;
        if (ranks.reads_data()) {
            const auto data = ctgan::io::DataSet<Image>::read(path);
            pixels.assign(data.pixels().begin(), data.pixels().end());
        }
        ranks.share_data(pixels);
        return of(pixels, choose);
    }

  private:
    static TrainingData of(std::span<const std::uint8_t> pixels, std::size_t choose) {
        ctgan::io::Checksum sum;
        sum.add(std::as_bytes(pixels));
        return {Images(pixels),
                fmt::format("{} images of CRC-32 {}", pixels.size() / Image::size, sum.text()),
                some_of(pixels, choose)};
    }

    /// Images in the order in which score_samples takes them.
    static std::vector<std::uint8_t> some_of(std::span<const std::uint8_t> pixels, std::size_t choose) {
        std::vector<std::uint8_t> chosen;
        if (choose == 0) return chosen;
        auto order = ctgan::io::shuffled(static_cast<std::uint32_t>(pixels.size() / Image::size), 0, 0);
        order.resize(std::min(order.size(), choose));
        for (const std::uint32_t number : order) {
            const auto image = pixels.subspan(std::size_t{number} * Image::size, Image::size);
            chosen.insert(chosen.end(), image.begin(), image.end());
        }
        return chosen;
    }
};

} // namespace train
