#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// Gray images of one size; 0 is black, 255 is white.
struct Images {
    std::size_t count = 0;            ///< number of images
    std::size_t rows = 0;             ///< height of each image in pixels
    std::size_t columns = 0;          ///< width of each image in pixels
    std::vector<std::uint8_t> pixels; ///< [count][rows][columns]
};

/// The size of the images that a network was compiled for.
struct ExpectedSize {
    std::size_t rows;    ///< height of each image in pixels
    std::size_t columns; ///< width of each image in pixels
};

/// What read_idx_labels() requires of the labels.
struct ExpectedLabels {
    /// The number of images, since each has one label; nothing if it is not known.
    std::optional<std::size_t> count = std::nullopt;
    unsigned classes = 10; ///< labels are 0 to classes - 1
};

/// Reads an IDX file of images, plain or gzip-compressed. EMNIST's files, known by names that begin with
/// "emnist-", hold the images transposed; they are returned upright. Throws Error unless it holds at least
/// one image, all have the expected size, and the file holds exactly as many bytes as its header says.
Images read_idx_images(const std::filesystem::path& path, ExpectedSize expected);

/// Reads an IDX file of labels, plain or gzip-compressed, also QMNIST's, which holds 8 numbers for each image
/// of which the first is the label. Throws Error unless it holds at least one label, as many as expected, and
/// exactly as many bytes as its header says, and each label is less than `expected.classes`. (EMNIST has 47
/// classes in the splits balanced and bymerge, 62 in byclass, and the labels 1 to 26 in letters.)
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path, ExpectedLabels expected = {});

/// Writes an IDX file of images, all or nothing. Throws Error if that fails, and std::invalid_argument unless
/// there is at least one image and there are as many pixels as the sizes say, each below 2^32.
void write_idx_images(const std::filesystem::path& path, const Images& images);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/idx.hpp>
#endif
