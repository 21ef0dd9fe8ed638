#pragma once

#include <ctgan/dcgan.hpp>

#include "host_networks.hpp"
#include "record.hpp"
#include <array>
#include <numbers>
#include <ratio>
#include <string_view>

/// Presets for color pictures: DCGANs with normalization in the generator alone, because a penalty on the
/// slope of the discriminator refuses one over the batch.
namespace train {

/// What both have in common.
struct ColorPictures {
    using Slope = std::ratio<1, 5>;
    using Objective = ctgan::WithPenalty<ctgan::NonSaturating, ctgan::R1<std::ratio<1>, 16>>;
    using Init = ctgan::init::Dcgan;
    static constexpr ctgan::AdamOptions generator_options{.lr = 1e-3, .betas = {0.5, 0.99}};
    static constexpr ctgan::AdamOptions discriminator_options{.lr = 1e-3, .betas = {0.5, 0.99}};
    static constexpr double average = 0.999;
};

/// 32 x 32.
struct Pictures32 : ColorPictures {
    // A stage in each line.
    // clang-format off
    using Generator = ctgan::Sequential<
        ctgan::Linear<128, 128 * 4 * 4, false>, ctgan::Reshape<128, 4, 4>, ctgan::BatchNorm2d<128>, ctgan::ReLU,
        ctgan::ConvTranspose2d<128, 64, 4, 2, 1>, ctgan::BatchNorm2d<64>, ctgan::ReLU,
        ctgan::ConvTranspose2d<64, 32, 4, 2, 1>, ctgan::BatchNorm2d<32>, ctgan::ReLU,
        ctgan::ConvTranspose2d<32, 3, 4, 2, 1>, ctgan::Tanh>;
    using Discriminator = ctgan::Sequential<
        ctgan::Input<3, 32, 32>,
        ctgan::Conv2d<3, 32, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Conv2d<32, 64, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Conv2d<64, 128, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Flatten, ctgan::Linear<128 * 4 * 4, 1>>;
    // clang-format on
    static constexpr std::array<std::string_view, 7> generator_names{"project", "norm1", "up1", "norm2",
                                                                     "up2",     "norm3", "up3"};
    static constexpr std::array<std::string_view, 4> discriminator_names{"conv1", "conv2", "conv3", "score"};
    static constexpr LossScale losses{"Preset pictures32: mean loss of each epoch, and the equilibrium",
                                      "binary cross-entropy", 2 * std::numbers::ln2};
    static HostNetworks on_host() { return pictures32_on_host(); }
};

/// 64 x 64.
struct Pictures64 : ColorPictures {
    // clang-format off
    using Generator = ctgan::Sequential<
        ctgan::Linear<128, 192 * 4 * 4, false>, ctgan::Reshape<192, 4, 4>, ctgan::BatchNorm2d<192>, ctgan::ReLU,
        ctgan::ConvTranspose2d<192, 96, 4, 2, 1>, ctgan::BatchNorm2d<96>, ctgan::ReLU,
        ctgan::ConvTranspose2d<96, 48, 4, 2, 1>, ctgan::BatchNorm2d<48>, ctgan::ReLU,
        ctgan::ConvTranspose2d<48, 24, 4, 2, 1>, ctgan::BatchNorm2d<24>, ctgan::ReLU,
        ctgan::ConvTranspose2d<24, 3, 4, 2, 1>, ctgan::Tanh>;
    using Discriminator = ctgan::Sequential<
        ctgan::Input<3, 64, 64>,
        ctgan::Conv2d<3, 24, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Conv2d<24, 48, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Conv2d<48, 96, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Conv2d<96, 192, 4, 2, 1>, ctgan::LeakyReLU<Slope>,
        ctgan::Flatten, ctgan::Linear<192 * 4 * 4, 1>>;
    // clang-format on
    static constexpr std::array<std::string_view, 9> generator_names{
        "project", "norm1", "up1", "norm2", "up2", "norm3", "up3", "norm4", "up4"};
    static constexpr std::array<std::string_view, 5> discriminator_names{"conv1", "conv2", "conv3", "conv4",
                                                                         "score"};
    static constexpr LossScale losses{"Preset pictures64: mean loss of each epoch, and the equilibrium",
                                      "binary cross-entropy", 2 * std::numbers::ln2};
    static HostNetworks on_host() { return pictures64_on_host(); }
};

} // namespace train
