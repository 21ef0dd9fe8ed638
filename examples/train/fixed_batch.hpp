#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/gan/byte_images.hpp>
#include <ctgan/gan/variety.hpp>

#include "network_values.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace train {

/// Fixed noise and as many real images, by which the watch sees how much the pictures of a generator differ.
template <class Generator, class Backend>
class FixedBatch {
    using Noise = typename Generator::input_shape;
    using Image = typename Generator::output_shape;

  public:
    static constexpr std::size_t most = 64;           ///< pictures
    static constexpr std::size_t least = 16;          ///< of fewer, the distances say little
    static constexpr std::uint32_t noise_purpose = 3; ///< of its random numbers

    /// Takes the first images of `pixels`, or all if there are fewer than `most`, but `least` of them.
    FixedBatch(std::uint64_t seed, std::span<const std::uint8_t> pixels)
        : noise_(static_cast<int>(std::min(most, pixels.size() / Image::size))) {
        Backend::fill_normal(noise_.data(), noise_.size(), 1.F, {seed, 0, noise_purpose});
        std::vector<float> values(static_cast<std::size_t>(noise_.count()) * Image::size);
        std::transform(pixels.begin(), pixels.begin() + static_cast<std::ptrdiff_t>(values.size()),
                       values.begin(), ctgan::normalized<float>);
        real_ = ctgan::variety(std::span<const float>(values), noise_.count());
    }

    const ctgan::Variety& real() const { return real_; }

    /// Of the pictures that the generator draws in evaluation mode, which changes nothing in it.
    ctgan::Variety generated(const Generator& generator) const {
        typename Generator::Workspace workspace(block); // only now: larger than a small batch's
        std::vector<float> values;
        for (int first = 0; first < noise_.count(); first += block) {
            auto part = noise_.view();
            part.data += ctgan::Index{first} * Noise::size;
            part.count = std::min(block, noise_.count() - first);
            const auto pictures = generator.forward(part, workspace);
            const auto some = on_host<Backend>(pictures.data, pictures.size());
            values.insert(values.end(), some.begin(), some.end());
        }
        return ctgan::variety(std::span<const float>(values), noise_.count());
    }

  private:
    static constexpr int block = 16; // as SampleGrid, so that the run needs no more memory than for that
    ctgan::BatchOn<Noise, Backend> noise_;
    ctgan::Variety real_;
};

} // namespace train
