#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/score/extract.hpp>

#include "feature_network.hpp"
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace scoring {

using LeNet = FeatureNetwork<Digit>;

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
