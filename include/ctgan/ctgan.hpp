#pragma once

#include <ctgan/config.hpp>
// The rooms. A file that wants the GPU's alone, and no Eigen, says so.
#ifndef CTGAN_WITHOUT_CPU
#    include <ctgan/backend/cpu.hpp>
#endif
#if CTGAN_HAS_CUDA
#    include <ctgan/backend/cuda.hpp>
#endif

// clang-format off
// Those that speak to users, lower strata first: a compiler that names the way to a sentence then has only one
// file to name.
#include <ctgan/missing_room.hpp>
#include <ctgan/sequential.hpp>
#include <ctgan/workspace.hpp>
#include <ctgan/losses.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/sgd.hpp>
#include <ctgan/network.hpp>
#include <ctgan/gan.hpp>
// clang-format on

#include <ctgan/cross_entropy.hpp>
#include <ctgan/gan_loop.hpp>
#include <ctgan/init.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/optim/bad_tensor.hpp>
#include <ctgan/version.hpp>
