#pragma once

#include <ctgan/dcgan.hpp>

#include "host_networks.hpp"
#include "record.hpp"
#include <array>
#include <numbers>
#include <ratio>
#include <string_view>

namespace train {

/// Grey pictures of 28 x 28: a small DCGAN. Its discriminator has no normalization: a penalty on the slope
/// refuses one over the batch.
struct Digits {
    using Slope = std::ratio<1, 5>;
    // A stage in each line.
    // clang-format off
    using Generator = ctgan::Sequential<
        ctgan::Linear<64, 64 * 7 * 7, false>, ctgan::Reshape<64, 7, 7>, ctgan::BatchNorm2d<64>, ctgan::ReLU,
        ctgan::ConvTranspose2d<64, 32, 4, 2, 1>, ctgan::BatchNorm2d<32>, ctgan::ReLU,
        ctgan::ConvTranspose2d<32, 1, 4, 2, 1>, ctgan::Tanh>;
    using Discriminator = ctgan::Sequential<
        ctgan::Input<1, 28, 28>,
        ctgan::Conv2d<1, 32, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Conv2d<32, 64, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Flatten, ctgan::Linear<64 * 7 * 7, 1>>;
    // clang-format on
    using Objective = ctgan::WithPenalty<ctgan::NonSaturating, ctgan::R1<std::ratio<1>, 16>>;
    using Init = ctgan::init::Dcgan;
    static constexpr std::array<std::string_view, 5> generator_names{"project", "norm1", "up1", "norm2",
                                                                     "up2"};
    static constexpr std::array<std::string_view, 3> discriminator_names{"conv1", "conv2", "score"};
    static constexpr ctgan::AdamOptions generator_options{.lr = 2e-3, .betas = {0.5, 0.999}};
    static constexpr ctgan::AdamOptions discriminator_options{.lr = 2e-3, .betas = {0.5, 0.999}};
    static constexpr double average = 0.995;
    static constexpr LossScale losses{"Preset digits: mean loss of each epoch, and the equilibrium",
                                      "binary cross-entropy", 2 * std::numbers::ln2};
    static HostNetworks on_host() { return digits_on_host(); }
};

} // namespace train
