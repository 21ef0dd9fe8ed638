#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/score/extract.hpp>

#include "feature_network.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace scoring {

using LeNet = FeatureNetwork<Digit>;

/// The digits that a generator makes of noise, [digit][value], in evaluation mode, as bytes.
template <class Generator>
std::vector<std::uint8_t> drawn_by(const Generator& generator, std::span<const float> noise) {
    using Noise = typename Generator::input_shape;
    // Few enough for the cache. With it, and what Frozen prepares, 2,000 digits take two thirds of the time.
    constexpr int block = 16;
    const ctgan::Frozen frozen(generator);
    typename ctgan::Frozen<Generator>::Workspace workspace(block);
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

/// The noise of `count` digits, `size` values each: that of sample_dcgan with this seed.
inline std::vector<float> noise_of(ctgan::Index count, std::uint64_t seed,
                                   ctgan::Index size = ctgan::dcgan::Generator::input_shape::size) {
    std::vector<float> noise(static_cast<std::size_t>(count * size));
    ctgan::Cpu::fill_normal(noise.data(), count * size, 1.F, {.seed = seed});
    return noise;
}

} // namespace scoring
