#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/io/data_set.hpp>

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace lenet {

/// Pictures with labels, of which some are chosen.
template <class Picture>
struct Labelled {
    ctgan::io::DataSet<Picture> images;
    std::vector<std::uint8_t> labels;  ///< of all images
    std::vector<std::uint32_t> chosen; ///< numbers of images

    /// Chooses the images whose numbers are `wanted`. Throws io::Error, with the name of the file or folder
    /// that they are from, if there is none.
    Labelled(const std::filesystem::path& from, ctgan::io::DataSet<Picture> all_images,
             std::vector<std::uint8_t> all_labels, auto wanted)
        : images(std::move(all_images)), labels(std::move(all_labels)) {
        for (std::uint32_t i = 0; i < images.count(); ++i)
            if (wanted(i)) chosen.push_back(i);
        if (chosen.empty())
            throw ctgan::io::Error(from, ctgan::io::counted(images.count(), "image"), "5 at least");
    }

    std::uint32_t count() const { return static_cast<std::uint32_t>(chosen.size()); }
    std::uint8_t label(std::uint32_t which) const { return labels[chosen[which]]; }

    /// Writes picture `which`, as values in [-1, 1], moved by some rows and columns. What moves in is black.
    /// `mirrored`: left and right are exchanged before.
    void write(float* to, std::uint32_t which, int down = 0, int right = 0, bool mirrored = false) const {
        constexpr int width = Picture::width, height = Picture::height, channels = Picture::channels;
        const std::uint8_t* const from = images.pixels().data() + ctgan::Index{chosen[which]} * Picture::size;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                for (int c = 0; c < channels; ++c, ++to) {
                    const int row = y - down, column = x - right;
                    const bool inside = row >= 0 && row < height && column >= 0 && column < width;
                    const int pixel = row * width + (mirrored ? width - 1 - column : column);
                    *to = inside ? ctgan::normalized<float>(from[pixel * channels + c]) : -1.F;
                }
    }
};

/// The pictures to train on and those to test on.
template <class Picture>
struct TrainingAndTest {
    Labelled<Picture> training, test;
};

} // namespace lenet
