#pragma once

#include <ctgan/gan/byte_images.hpp>
#include <ctgan/gan/objective.hpp>

#include "../score/drawn.hpp"
#include "generator_in_file.hpp"
#include "host_networks.hpp"
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <type_traits>
#include <vector>

namespace train {

/// HostNetworks::judged of one discriminator.
template <class Networks>
std::vector<double> judged_by(const std::filesystem::path& weights, std::span<const std::uint8_t> digits) {
    using Discriminator = ctgan::Network<typename Networks::Discriminator>;
    using Picture = typename Discriminator::input_shape;
    Discriminator discriminator(0);
    ctgan::io::load_network(weights, discriminator, Networks::discriminator_names, "discriminator");
    constexpr int block = 64;
    typename Discriminator::Workspace workspace(block);
    ctgan::Batch<Picture> batch(block);
    std::vector<double> scores;
    const auto count = static_cast<ctgan::Index>(digits.size() / Picture::size);
    for (ctgan::Index first = 0; first < count; first += block) {
        const int n = static_cast<int>(std::min(ctgan::Index{block}, count - first));
        std::transform(digits.begin() + first * Picture::size, digits.begin() + (first + n) * Picture::size,
                       batch.data(), ctgan::normalized<float>);
        constexpr std::uint64_t seed = 0;
        const auto pass = static_cast<std::uint64_t>(first / block);
        const auto part = discriminator.forward(batch.first(n), workspace, {.seed = seed, .pass = pass});
        scores.insert(scores.end(), part.data, part.data + part.size());
    }
    return scores;
}

/// Of the networks of a run, and the feature network for what they draw.
template <class Networks>
HostNetworks networks_on_host(scoring::Kind (*features)(const std::filesystem::path&)) {
    using Generator = ctgan::Network<typename Networks::Generator>;
    const auto drawn = [](const std::filesystem::path& weights, std::span<const float> noise) {
        Generator generator(0);
        load_generator<Networks>(weights, generator);
        return scoring::drawn_by(generator, noise);
    };
    constexpr bool logits = !std::is_same_v<typename Networks::Objective, ctgan::LeastSquares>;
    return {kind_of<typename Generator::output_shape>(),
            logits,
            Generator::input_shape::size,
            drawn,
            judged_by<Networks>,
            features};
}

} // namespace train
