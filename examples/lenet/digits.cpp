#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_labels.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace lenet {

/// Pictures with labels, of which some are chosen.
template <class Picture>
struct Digits {
    std::filesystem::path file;
    ctgan::io::DataSet<Picture> images;
    std::vector<std::uint8_t> labels;  ///< of all images of the file
    std::vector<std::uint32_t> chosen; ///< numbers of images in the file

    /// Reads a file of images and that of their labels. Throws io::Error.
    Digits(const std::filesystem::path& path, auto wanted)
        : file(path),
          images(ctgan::io::DataSet<Picture>::read(path)),
          labels(ctgan::io::read_idx_labels(ctgan::io::find_labels(path), {.count = images.count()})) {
        for (std::uint32_t i = 0; i < images.count(); ++i)
            if (wanted(i)) chosen.push_back(i);
        if (chosen.empty())
            throw ctgan::io::Error(path, ctgan::io::counted(images.count(), "image"), "5 at least");
    }

    std::uint32_t count() const { return static_cast<std::uint32_t>(chosen.size()); }
    std::uint8_t label(std::uint32_t which) const { return labels[chosen[which]]; }

    /// Writes picture `which`, moved by some rows and columns, as values in [-1, 1]. What moves in is black.
    void write(float* to, std::uint32_t which, int down, int right) const {
        constexpr int width = Picture::width, height = Picture::height, channels = Picture::channels;
        const std::uint8_t* const from = images.pixels().data() + ctgan::Index{chosen[which]} * Picture::size;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                for (int c = 0; c < channels; ++c, ++to) {
                    const int row = y - down, column = x - right;
                    const bool inside = row >= 0 && row < height && column >= 0 && column < width;
                    *to =
                        inside ? ctgan::normalized<float>(from[(row * width + column) * channels + c]) : -1.F;
                }
    }
};

/// The pictures to train on and those to test on: those of a folder's training and test sets or, if it has
/// the test set only, four fifths and the other fifth of it.
template <class Picture>
struct TrainingAndTest {
    Digits<Picture> training, test;

    /// Throws io::Error.
    static TrainingAndTest read(const std::filesystem::path& folder) {
        const auto file = ctgan::io::find_images(folder),
                   test_file = ctgan::io::find_images(folder, {"t10k"});
        const bool apart = file != test_file;
        return {{file, [=](std::uint32_t i) { return apart || i % 5 != 0; }},
                {test_file, [=](std::uint32_t i) { return apart || i % 5 == 0; }}};
    }
};

} // namespace lenet
