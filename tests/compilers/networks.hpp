// The two networks that both files of the user's program use. They contain each kind of layer once.
#pragma once

#include <ctgan/dcgan.hpp>

using Generator = ctgan::Sequential<                                               //
    ctgan::Linear<8, 16 * 4 * 4>, ctgan::ReLU, ctgan::BatchNorm1d<16 * 4 * 4>,     //
    ctgan::Reshape<16, 4, 4>, ctgan::Residual<ctgan::Conv2d<16, 16, 3, 1, 1>>,     //
    ctgan::ConvTranspose2d<16, 8, 3, 1, 1>, ctgan::Sigmoid, ctgan::BatchNorm2d<8>, //
    ctgan::ConvTranspose2d<8, 1, 4, 2, 1>, ctgan::Tanh>;
using Discriminator = ctgan::Sequential<                            //
    ctgan::Input<1, 8, 8>,                                          //
    ctgan::Conv2d<1, 16, 3, 2>, ctgan::LeakyReLU<std::ratio<1, 5>>, //
    ctgan::Dropout2d<std::ratio<1, 2>>,                             //
    ctgan::Concat<ctgan::Identity, ctgan::Add<ctgan::Tanh, ctgan::Conv2d<16, 16, 1>>>, ctgan::Flatten,
    ctgan::Linear<32 * 3 * 3, 1>>;
using Gan = ctgan::Gan<Generator, Discriminator>;
