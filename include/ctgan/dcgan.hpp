#pragma once

// clang-format off
// As in ctgan.hpp: a compiler that lists the include path of an error then has to list this file only.
#include <ctgan/messages/missing_backend.hpp>
#include <ctgan/backend/labels.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/network/workspace.hpp>
#include <ctgan/network/several_batches.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/frozen.hpp>
#include <ctgan/network/automatic_names.hpp>
#include <ctgan/losses/loss.hpp>
#include <ctgan/losses/cross_entropy.hpp>
#include <ctgan/optim/optimizer.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/sgd.hpp>
#include <ctgan/gan/conditional.hpp>
#include <ctgan/gan/gan.hpp>
#include <ctgan/gan/gan_loop.hpp>
// clang-format on

#include <ctgan/core/config.hpp>
#include <ctgan/ctgan.hpp>

#include <array>
#include <string_view>

/// The published DCGAN on MNIST that this library reproduces: its two networks, its settings, and the names
/// of its layers in PyTorch's state_dict().
namespace ctgan::inline CTGAN_ABI::dcgan {

/// `Latent` normal random numbers to an image of 28 x 28 in [-1, 1]; C0, C1, C2 are the channels from stage
/// to stage. As in the published code, the activations come before the normalizations.
template <int Latent, int C0, int C1, int C2>
using GeneratorOf = Sequential<                                //
    Linear<Latent, C0 * 7 * 7>, ReLU, BatchNorm1d<C0 * 7 * 7>, // linear1, bn1
    Reshape<C0, 7, 7>,                                         //
    ConvTranspose2d<C0, C1, 3, 1, 1>, ReLU, BatchNorm2d<C1>,   // decon1, bn2
    ConvTranspose2d<C1, C2, 4, 2, 1>, ReLU, BatchNorm2d<C2>,   // decon2, bn3
    ConvTranspose2d<C2, 1, 4, 2, 1>, Tanh>;                    // decon3

/// An image of 28 x 28 to one score, near 1 for a real image; D0 and D1 are the channels after the two
/// convolutions. The published code calls F.dropout2d without
/// `training=`, so its dropout is always active, in evaluation mode too.
template <int D0, int D1>
using DiscriminatorOf = Sequential<                                                      //
    Input<1, 28, 28>,                                                                    //
    Conv2d<1, D0, 3, 2>, LeakyReLU<>, Dropout2d<std::ratio<1, 2>, DropoutMode::always>,  // conv1
    Conv2d<D0, D1, 3, 2>, LeakyReLU<>, Dropout2d<std::ratio<1, 2>, DropoutMode::always>, // conv2
    BatchNorm2d<D1>, Flatten, Linear<D1 * 6 * 6, 1>>;                                    // bn, fc

/// The published generator.
using Generator = GeneratorOf<100, 256, 128, 64>;
/// The published discriminator.
using Discriminator = DiscriminatorOf<64, 128>;

static_assert(Generator::valid && Discriminator::valid);

/// The names of the generator's layers that have tensors, in their order.
inline constexpr std::array<std::string_view, 7> generator_names{"linear1", "bn1", "decon1", "bn2",
                                                                 "decon2",  "bn3", "decon3"};
/// The names of the discriminator's layers that have tensors, in their order.
inline constexpr std::array<std::string_view, 4> discriminator_names{"conv1", "conv2", "bn", "fc"};

// The published settings.
inline constexpr int batch_size = 4;                            ///< images per step
inline constexpr int epochs = 20;                               ///< epochs of the published run
inline constexpr AdamOptions generator_options{.lr = 1e-4};     ///< with torch.optim.Adam's betas
inline constexpr AdamOptions discriminator_options{.lr = 1e-5}; ///< with torch.optim.Adam's betas

} // namespace ctgan::inline CTGAN_ABI::dcgan
