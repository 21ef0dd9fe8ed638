#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/score/extract.hpp>
#include <ctgan/score/lenet.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
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

/// `count` digits of a generator in evaluation mode, as bytes. Its layers have the reference's names. Throws
/// io::Error.
template <class Generator = ctgan::Network<ctgan::dcgan::Generator>>
std::vector<std::uint8_t> drawn(const std::filesystem::path& weights, ctgan::Index count,
                                std::uint64_t seed) {
    Generator generator(seed);
    ctgan::io::load_network(weights, generator, ctgan::dcgan::generator_names, "generator");
    // Few enough for the cache. With it, and what Frozen prepares, 2,000 digits take two thirds of the time.
    constexpr int block = 16;
    const ctgan::Frozen frozen(generator);
    typename ctgan::Frozen<Generator>::Workspace workspace(block);
    ctgan::Batch<typename Generator::input_shape> noise(block);
    std::vector<std::uint8_t> bytes;
    for (ctgan::Index first = 0; first < count; first += block) {
        // Those that sample_dcgan draws with this seed.
        ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F,
                                {.seed = seed, .first = first * Generator::input_shape::size});
        const int n = static_cast<int>(std::min(ctgan::Index{block}, count - first));
        const auto part = ctgan::score::rounded(frozen.forward(noise.first(n), workspace));
        bytes.insert(bytes.end(), part.begin(), part.end());
    }
    return bytes;
}

} // namespace scoring
