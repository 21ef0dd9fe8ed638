/// IDX files of images and of labels: refused with an Error, or read with the values of the file.

#include <ctgan/io/idx.hpp>

#include "memory_file.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace io = ctgan::io;

namespace {

constexpr io::ExpectedSize small{2, 3}; // few bytes are enough for a picture

/// Whether the input is a header of `header_size` bytes followed by `read`. Always true for gzip data, which
/// this function does not inflate.
bool end_of(std::span<const std::uint8_t> input, std::size_t header_size,
            std::span<const std::uint8_t> read) {
    if (input.size() >= 2 && input[0] == 0x1f && input[1] == 0x8b) return true;
    return input.size() == header_size + read.size() && std::ranges::equal(input.subspan(header_size), read);
}

/// Whether the input is a header of 12 bytes followed by rows of 8 numbers, each of which begins with a
/// label.
bool is_qmnist(std::span<const std::uint8_t> input, std::span<const std::uint8_t> labels) {
    if (input.size() != 12 + 32 * labels.size()) return false;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto number = input.subspan(12 + 32 * i, 4);
        if (number[0] != 0 || number[1] != 0 || number[2] != 0 || number[3] != labels[i]) return false;
    }
    return true;
}

void read_images(const std::filesystem::path& path, std::span<const std::uint8_t> input) {
    try {
        const auto images = io::read_idx_images(path, small);
        fuzz::require(images.count > 0 && images.rows == small.rows && images.columns == small.columns,
                      "images of the requested size");
        fuzz::note_accepted();
        fuzz::require(images.pixels.size() == images.count * images.rows * images.columns,
                      "as many pixels as the sizes require");
        fuzz::require(end_of(input, 16, images.pixels), "the pixels of the file");
    } catch (const io::Error&) {
    }
}

void read_labels(const std::filesystem::path& path, std::span<const std::uint8_t> input,
                 io::ExpectedLabels expected) {
    try {
        const auto labels = io::read_idx_labels(path, expected);
        fuzz::require(!labels.empty() && (!expected.count || labels.size() == *expected.count),
                      "as many labels as requested");
        fuzz::require(std::ranges::all_of(labels, [&](auto label) { return label < expected.classes; }),
                      "labels of the classes");
        const bool qmnist = input.size() >= 12 && input[2] == 0x0c; // 8 numbers of 4 bytes for each label
        fuzz::require(qmnist ? is_qmnist(input, labels) : end_of(input, 8, labels), "the labels of the file");
    } catch (const io::Error&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fuzz::MemoryFile file;
    const std::span input(data, size);
    file.put(std::as_bytes(input));
    read_images(file.path(), input);
    // Only one of the two, to save time: most mutated inputs are not worth two reads.
    read_labels(file.path(), input,
                size % 2 == 0 ? io::ExpectedLabels{} : io::ExpectedLabels{.count = 3, .classes = 2});
    return 0;
}
