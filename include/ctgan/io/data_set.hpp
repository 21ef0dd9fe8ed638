#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/random.hpp>

#include <algorithm>
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

    explicit DataSet(std::vector<std::uint8_t> pixels) : pixels_(std::move(pixels)) {}

    std::uint32_t count() const { return static_cast<std::uint32_t>(pixels_.size() / Shape::size); }
    std::span<const std::uint8_t, Shape::size> image(std::size_t i) const {
        return std::span<const std::uint8_t, Shape::size>(pixels_.data() + i * Shape::size, Shape::size);
    }

  private:
    std::vector<std::uint8_t> pixels_;
};

/// A byte as torchvision's ToTensor and Normalize(0.5, 0.5) give it: in [-1, 1], rounded as they round.
template <class T>
T normalized(std::uint8_t byte) {
    return (static_cast<T>(byte) / T{255} - T(0.5)) / T(0.5);
}

/// The order of n images in an epoch: a shuffle that depends on (seed, epoch) alone, so that any epoch can be
/// entered without the ones before it. Fisher and Yates' algorithm, each number of the stream one exchange.
inline std::vector<std::uint32_t> shuffled(std::uint32_t n, std::uint64_t seed, std::uint64_t epoch) {
    const random::Stream stream{seed, epoch, random::shuffling};
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t i = n; i > 1; --i) std::swap(order[i - 1], order[random::below(stream.bits(i), i)]);
    return order;
}

/// Batches of a shuffled data set, as numbers. A last batch that is short is kept, as PyTorch's DataLoader
/// keeps it.
template <class Shape, class T = float>
class Loader {
  public:
    Loader(const DataSet<Shape>& data, int batch_size, std::uint64_t seed)
        : data_(&data), batch_size_(batch_size), seed_(seed), batch_(batch_size) {}

    /// Batches in an epoch.
    int batches() const { return static_cast<int>((Index{data_->count()} + batch_size_ - 1) / batch_size_); }
    /// Images in batch i.
    int size(int i) const {
        return static_cast<int>(std::min<Index>(batch_size_, Index{data_->count()} - Index{i} * batch_size_));
    }

    void begin_epoch(std::uint64_t epoch) { order_ = shuffled(data_->count(), seed_, epoch); }

    /// Batch i of the epoch, valid until the next one is asked for.
    View<Shape, const T> batch(int i) {
        for (int k = 0; k < size(i); ++k) {
            const auto image = data_->image(order_[static_cast<std::size_t>(Index{i} * batch_size_ + k)]);
            T* to = batch_.sample(k);
            for (std::size_t pixel = 0; pixel < image.size(); ++pixel)
                to[pixel] = normalized<T>(image[pixel]);
        }
        return batch_.first(size(i));
    }

  private:
    const DataSet<Shape>* data_;
    int batch_size_;
    std::uint64_t seed_;
    Batch<Shape, T> batch_;
    std::vector<std::uint32_t> order_;
};

} // namespace ctgan::io
