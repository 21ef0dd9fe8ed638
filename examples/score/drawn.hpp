#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/score/extract.hpp>
#include <ctgan/score/lenet.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace scoring {

using Digit = ctgan::Image<1, 28, 28>;
using LeNet = ctgan::Network<ctgan::score::LeNet<Digit>>;

/// Reads the feature network. Returns the checksum of its weights. Throws io::Error.
inline std::string load(LeNet& network, const std::filesystem::path& path) {
    const auto file = ctgan::io::SafetensorsFile::open(path);
    ctgan::io::load_weights(file, network, ctgan::score::lenet_names);
    return ctgan::io::require_checksum(file);
}

/// The digits that a generator makes of noise, [digit][value], in evaluation mode, as bytes. `weights` is a
/// file of weights or a checkpoint. Throws io::Error.
inline std::vector<std::uint8_t> drawn(const std::filesystem::path& weights, std::span<const float> noise) {
    using Generator = ctgan::Network<ctgan::dcgan::Generator>;
    using Noise = Generator::input_shape;
    Generator generator(0);
    ctgan::io::load_network(weights, generator, ctgan::dcgan::generator_names, "generator");
    // Few enough for the cache. With it, and what Frozen prepares, 2,000 digits take two thirds of the time.
    constexpr int block = 16;
    const ctgan::Frozen frozen(generator);
    ctgan::Frozen<Generator>::Workspace workspace(block);
    const auto count = static_cast<ctgan::Index>(noise.size() / Noise::size);
    std::vector<std::uint8_t> bytes;
    for (ctgan::Index first = 0; first < count; first += block) {
        const ctgan::View<Noise, const float> part{
            noise.data() + first * Noise::size,
            static_cast<int>(std::min(ctgan::Index{block}, count - first))};
        const auto digits = ctgan::score::rounded(frozen.forward(part, workspace));
        bytes.insert(bytes.end(), digits.begin(), digits.end());
    }
    return bytes;
}

/// The noise of `count` digits: that of sample_dcgan with this seed.
inline std::vector<float> noise_of(ctgan::Index count, std::uint64_t seed) {
    std::vector<float> noise(static_cast<std::size_t>(count) * ctgan::dcgan::Generator::input_shape::size);
    ctgan::Cpu::fill_normal(noise.data(), static_cast<ctgan::Index>(noise.size()), 1.F, {.seed = seed});
    return noise;
}

} // namespace scoring
