#pragma once

#include <ctgan/core/random.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/data_set.hpp>

#include <fmt/core.h>

#include "options.hpp"
#include "ranks.hpp"
#include "record.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace train {

/// Which images an epoch takes, and in which order.
struct EpochOrder {
    std::uint32_t count; ///< images of an epoch
    std::uint64_t seed;
    bool flips; ///< whether the data set has `count` more images, which are these mirrored

    static constexpr std::uint32_t flip_purpose = 4; ///< of its random numbers

    /// With flips, a bit of the image's number says whether it is mirrored in this epoch.
    std::vector<std::uint32_t> of(std::uint64_t epoch) const {
        auto order = ctgan::io::shuffled(count, seed, epoch);
        const ctgan::random::Stream stream{.seed = seed, .pass = epoch, .purpose = flip_purpose};
        if (flips)
            for (std::uint32_t& image : order)
                if ((stream.bits(image) & 1U) != 0) image += count;
        return order;
    }
};

/// The data set in the backend's memory, and its description for Identity. The host's copy is freed before
/// the networks are allocated.
template <class Image, class Images>
struct TrainingData {
    Images images;
    EpochOrder order;
    std::string text;
    std::vector<std::uint8_t> chosen; ///< images to compare with, on the host

    /// `choose` is how many images to keep on the host, or all if there are fewer. Throws std::exception if
    /// the data cannot be read.
    static TrainingData read(const Options& options, const Ranks& ranks, std::size_t choose) {
        std::vector<std::uint8_t> pixels;
        if (ranks.reads_data()) {
            const auto data = ctgan::io::DataSet<Image>::read(options.data, options.pictures);
            if (ranks.reports()) {
                say_skipped(data.skipped());
                if (!data.cache_problem().empty())
                    say("the next run reads all pictures again: {}", data.cache_problem());
            }
            if (ranks.count() == 1 && !options.flip) return of(data.pixels(), options, choose);
            pixels.assign(data.pixels().begin(), data.pixels().end());
        }
        ranks.share_data(pixels);
        return of(pixels, options, choose);
    }

  private:
    static TrainingData of(std::span<const std::uint8_t> pixels, const Options& options, std::size_t choose) {
        ctgan::io::Checksum sum;
        sum.add(std::as_bytes(pixels));
        const auto count = static_cast<std::uint32_t>(pixels.size() / Image::size);
        return {options.flip ? Images(with_mirrored(pixels)) : Images(pixels),
                {count, options.seed, options.flip},
                fmt::format("{} images of CRC-32 {}", count, sum.text()),
                some_of(pixels, choose)};
    }

    static void say_skipped(const std::vector<std::string>& lines) {
        if (lines.empty()) return;
        say("left out {}:", ctgan::io::counted(lines.size(), "broken picture"));
        for (const std::string& line : lines) say("  {}", line);
    }

    /// The images, and then all of them with left and right exchanged.
    static std::vector<std::uint8_t> with_mirrored(std::span<const std::uint8_t> pixels) {
        constexpr std::size_t channels = Image::channels, row = std::size_t{Image::width} * channels;
        std::vector<std::uint8_t> both;
        both.reserve(2 * pixels.size());
        both.assign(pixels.begin(), pixels.end());
        for (std::size_t first = 0; first < pixels.size(); first += row)
            for (std::size_t left = row; left > 0; left -= channels) {
                const auto pixel = pixels.subspan(first + left - channels, channels);
                both.insert(both.end(), pixel.begin(), pixel.end());
            }
        return both;
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
