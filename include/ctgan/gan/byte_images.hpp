#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/messages/missing_backend.hpp>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace ctgan::inline CTGAN_ABI {

/// A byte as torchvision's ToTensor and Normalize(0.5, 0.5) convert it: in [-1, 1], rounded as they round.
template <class T>
CTGAN_HD T normalized(std::uint8_t byte) {
    return (static_cast<T>(byte) / T{255} - T(0.5)) / T(0.5);
}

/// A data set in the memory of backend B, as bytes: a quarter of the size of the floats that a network takes.
/// A step converts the images that it uses.
template <class Shape, class B = Cpu>
class ByteImages : private messages::CheckBackend<B> {
    using Backend = messages::backend_or_missing<B>;

  public:
    using shape = Shape; ///< shape of an image

    /// Copies the images, one after the other, channels last. Throws std::invalid_argument if the bytes are
    /// not a whole number of images.
    explicit ByteImages(std::span<const std::uint8_t> pixels)
        : count_(check(pixels.size())), memory_(static_cast<Index>(count_) * Shape::size) {
        Backend::from_host(memory_.data(), pixels.data(), memory_.size());
    }

    /// The number of images.
    std::uint32_t count() const { return count_; }
    /// The first byte, in the backend's memory.
    const std::uint8_t* data() const { return memory_.data(); }

  private:
    static std::uint32_t check(std::size_t bytes) {
        constexpr std::size_t image = Shape::size;
        if (bytes % image != 0 || bytes / image > 0xFFFFFFFFU)
            detail::fail_with<std::invalid_argument>(
                {"images: found ", bytes, " bytes, expected at most 4294967295 times ", image});
        return static_cast<std::uint32_t>(bytes / image);
    }

    std::uint32_t count_;
    typename Backend::template Memory<std::uint8_t> memory_;
};

/// A batch of a ByteImages as a table of values, for Backend::tabulate: the images that `order` lists from
/// `*first` on. All of it is in the backend's memory, so that one recorded step gathers another batch each
/// time.
template <class Shape, class T>
struct GatheredImages {
    const std::uint8_t* pixels; ///< ByteImages::data()
    const std::uint32_t* order; ///< indices of images
    const std::uint64_t* first; ///< where in `order` the batch begins

    /// Value i of the batch, normalized.
    CTGAN_HD T operator()(Index i) const {
        const Index image = order[static_cast<Index>(*first) + i / Shape::size];
        return normalized<T>(pixels[image * Shape::size + i % Shape::size]);
    }
};

} // namespace ctgan::inline CTGAN_ABI
