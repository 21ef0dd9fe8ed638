#pragma once

#include <ctgan/core/random.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/idx.hpp>

#include <cstdint>
#include <filesystem>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace ctgan::io {

/// Images in memory as bytes, all of one shape. The shape is part of the type, so that a network of another
/// size refuses the data while it compiles; that the file holds that shape is checked when it is read.
template <class Shape>
class DataSet {
  public:
    /// Reads an IDX file of images, plain or .gz, from a folder (or of that name). Throws Error where there
    /// is none, or it is not well formed, or its images are not `Shape`.
    static DataSet read(const std::filesystem::path& path) {
        static_assert(Shape::channels == 1, "ctgan: IDX files hold images of one channel");
        return DataSet(read_idx_images(find_images(path), {Shape::height, Shape::width}).pixels);
    }

    /// Images that lie one after the other, channels last.
    explicit DataSet(std::vector<std::uint8_t> pixels) : pixels_(std::move(pixels)) {}

    /// How many images.
    std::uint32_t count() const { return static_cast<std::uint32_t>(pixels_.size() / Shape::size); }
    /// All images, one after the other.
    std::span<const std::uint8_t> pixels() const { return pixels_; }

  private:
    std::vector<std::uint8_t> pixels_;
};

/// The order of n images in an epoch: a shuffle that depends on (seed, epoch) alone, so that any epoch can be
/// entered without the ones before it. Fisher and Yates' algorithm, each number of the stream one exchange.
inline std::vector<std::uint32_t> shuffled(std::uint32_t n, std::uint64_t seed, std::uint64_t epoch) {
    const random::Stream stream{seed, epoch, random::shuffling};
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t i = n; i > 1; --i) std::swap(order[i - 1], order[random::below(stream.bits(i), i)]);
    return order;
}

} // namespace ctgan::io
