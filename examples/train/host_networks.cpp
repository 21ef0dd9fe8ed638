#include "host_networks.hpp"

#include <ctgan/gan/slerp.hpp>

#include "../score/drawn.hpp"
#include <algorithm>
#include <cstddef>

namespace train {

using scoring::Digit;

std::vector<std::uint8_t> drawn(const std::filesystem::path& weights, std::span<const float> noise) {
    return scoring::drawn(weights, noise);
}

std::vector<std::uint8_t> interpolated(const std::filesystem::path& weights, std::span<const float> noise,
                                       int rows, int columns) {
    constexpr std::size_t size = ctgan::dcgan::Generator::input_shape::size;
    std::vector<float> all;
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
        for (int column = 0; column < columns; ++column) {
            const auto between =
                ctgan::slerp(noise.subspan(2 * row * size, size), noise.subspan((2 * row + 1) * size, size),
                             static_cast<double>(column) / (columns - 1));
            all.insert(all.end(), between.begin(), between.end());
        }
    return drawn(weights, all);
}

std::vector<double> judged(const std::filesystem::path& weights, std::span<const std::uint8_t> digits) {
    using Discriminator = ctgan::Network<ctgan::dcgan::Discriminator>;
    Discriminator discriminator(0);
    ctgan::io::load_network(weights, discriminator, ctgan::dcgan::discriminator_names, "discriminator");
    constexpr int block = 64;
    Discriminator::Workspace workspace(block);
    ctgan::Batch<Digit> batch(block);
    std::vector<double> scores;
    const auto count = static_cast<ctgan::Index>(digits.size() / Digit::size);
    for (ctgan::Index first = 0; first < count; first += block) {
        const int n = static_cast<int>(std::min(ctgan::Index{block}, count - first));
        std::transform(digits.begin() + first * Digit::size, digits.begin() + (first + n) * Digit::size,
                       batch.data(), ctgan::normalized<float>);
        constexpr std::uint64_t seed = 0;
        const auto pass = static_cast<std::uint64_t>(first / block);
        const auto part = discriminator.forward(batch.first(n), workspace, {.seed = seed, .pass = pass});
        scores.insert(scores.end(), part.data, part.data + part.size());
    }
    return scores;
}

} // namespace train
