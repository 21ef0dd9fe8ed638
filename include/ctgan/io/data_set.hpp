#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/idx.hpp>

#include <cstdint>
#include <filesystem>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// Images in memory as bytes, all of one shape. The shape is part of the type, so a network of another image
/// size rejects the data at compile time. read() checks that the file holds images of that shape.
template <class Shape>
class DataSet {
  public:
    /// Reads an IDX file of images, plain or .gz. `path` is the file, or a folder in which find_images()
    /// finds it. Throws Error if there is no such file, if it is malformed, or if its images do not have the
    /// shape `Shape`.
    static DataSet read(const std::filesystem::path& path) {
        static_assert(Shape::channels == 1, "ctgan: IDX files hold images of one channel");
        return DataSet(read_idx_images(find_images(path), {Shape::height, Shape::width}).pixels);
    }

    /// Takes the images as [count][height][width][channels].
    explicit DataSet(std::vector<std::uint8_t> pixels) : pixels_(std::move(pixels)) {}

    /// The number of images.
    std::uint32_t count() const { return static_cast<std::uint32_t>(pixels_.size() / Shape::size); }
    /// The bytes of all images: [count][height][width][channels].
    std::span<const std::uint8_t> pixels() const { return pixels_; }

  private:
    std::vector<std::uint8_t> pixels_;
};

/// The order of n images in an epoch: a shuffle that depends on (seed, epoch) alone, so training can resume
/// at any epoch without computing the ones before it. The algorithm is the Fisher-Yates shuffle; each
/// exchange uses one value of the random stream.
inline std::vector<std::uint32_t> shuffled(std::uint32_t n, std::uint64_t seed, std::uint64_t epoch) {
    const random::Stream stream{seed, epoch, random::shuffling};
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t i = n; i > 1; --i) std::swap(order[i - 1], order[random::below(stream.bits(i), i)]);
    return order;
}

} // namespace ctgan::inline CTGAN_ABI::io
