#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

CTGAN_IO_FUNCTION void check_bytes(std::size_t bytes, std::size_t bytes_of_image) {
    if (bytes % bytes_of_image != 0 || bytes / bytes_of_image > (std::numeric_limits<std::uint32_t>::max)())
        throw std::invalid_argument("data set: found " + counted(bytes, "byte") +
                                    ", expected at most 4294967295 times " + std::to_string(bytes_of_image));
}

CTGAN_IO_FUNCTION std::vector<std::uint8_t> pixels_of(std::span<const Picture> pictures, std::size_t channels,
                                                      std::size_t height, std::size_t width) {
    const std::size_t size = channels * height * width;
    std::vector<std::uint8_t> pixels;
    pixels.reserve(pictures.size() * size);
    const auto text = [](std::size_t c, std::size_t h, std::size_t w) {
        return std::to_string(c) + " x " + std::to_string(h) + " x " + std::to_string(w);
    };
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const Picture& picture = pictures[i];
        if (picture.channels != channels || picture.height != height || picture.width != width ||
            picture.pixels.size() != size)
            throw std::invalid_argument("data set: found picture " + std::to_string(i) + " of " +
                                        text(picture.channels, picture.height, picture.width) + " with " +
                                        counted(picture.pixels.size(), "byte") + ", expected " +
                                        text(channels, height, width));
        pixels.insert(pixels.end(), picture.pixels.begin(), picture.pixels.end());
    }
    return pixels;
}

CTGAN_IO_FUNCTION void check_samples(Index samples, Index rows) {
    if (samples != rows)
        throw std::invalid_argument("data set: found " + counted(static_cast<std::uint64_t>(rows), "row") +
                                    " for a batch of " + std::to_string(samples) + ", expected as many");
}

CTGAN_IO_FUNCTION void check_count(int n) {
    if (n < 0)
        throw std::invalid_argument("data set: found a count of " + std::to_string(n) +
                                    ", expected at least 0");
}

CTGAN_IO_FUNCTION std::string range_text(std::uint32_t images) {
    return images == 0 ? "none, as the data set is empty" : "0 to " + std::to_string(images - 1);
}

CTGAN_IO_FUNCTION void check_rows(std::span<const std::uint32_t> rows, std::uint32_t images) {
    for (const std::uint32_t row : rows)
        if (row >= images)
            throw std::out_of_range("data set: found row " + std::to_string(row) + ", expected " +
                                    range_text(images));
}

CTGAN_IO_FUNCTION void check_range(Index first, Index n, std::uint32_t images) {
    if (first >= 0 && first <= Index{images} && n <= Index{images} - first) return;
    throw std::out_of_range("data set: found " + counted(static_cast<std::uint64_t>(n), "row") + " from " +
                            std::to_string(first) + " on, expected " + range_text(images));
}

} // namespace detail

CTGAN_IO_FUNCTION std::vector<std::uint32_t> shuffled(std::uint32_t n, std::uint64_t seed,
                                                      std::uint64_t epoch) {
    const random::Stream stream{seed, epoch, random::shuffling};
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t i = n; i > 1; --i)
        std::swap(order[i - 1], order[random::below(stream.bits(static_cast<Index>(i)), i)]);
    return order;
}

} // namespace ctgan::inline CTGAN_ABI::io
