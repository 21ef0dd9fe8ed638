#pragma once

/// All of the library but io/, plot/ and testing/. dcgan.hpp adds the reference's networks.

#include <ctgan/core/config.hpp>
// The backends. A file that does not need the CPU backend defines CTGAN_WITHOUT_CPU.
#ifndef CTGAN_WITHOUT_CPU
#    include <ctgan/backend/cpu.hpp>
#endif
#if CTGAN_HAS_CUDA
#    include <ctgan/backend/cuda.hpp>
#endif

// clang-format off
// Headers that report mistakes, in the order of their folders: a compiler that lists the include path of an error then has to
// list this file only.
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

#include <ctgan/core/value.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/augment.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/embedding.hpp>
#include <ctgan/layers/group_norm.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/inputs.hpp>
#include <ctgan/layers/layer_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/pixel_shuffle.hpp>
#include <ctgan/layers/pooling.hpp>
#include <ctgan/layers/prelu.hpp>
#include <ctgan/layers/projection.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/layers/smooth_activations.hpp>
#include <ctgan/layers/softmax.hpp>
#include <ctgan/layers/spectral_norm.hpp>
#include <ctgan/layers/upsample.hpp>
#include <ctgan/losses/elementwise.hpp>
#include <ctgan/network/init.hpp>
#include <ctgan/network/summary.hpp>
#include <ctgan/optim/averaged.hpp>
#include <ctgan/optim/bad_tensor.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/schedule.hpp>
#include <ctgan/optim/weight_clipping.hpp>
#include <ctgan/version.hpp>
