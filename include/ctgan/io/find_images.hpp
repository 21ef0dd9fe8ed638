#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

/// Finds the images of MNIST, or of a data set with the same format, in `folder`. It tries the sets in order:
/// by default the training images ("train"), then the test images ("t10k", which QMNIST and EMNIST call
/// "test"). It looks for them in `folder` and `folder`/raw, then where torchvision stores them:
/// `folder`/NAME/raw for MNIST, FashionMNIST, KMNIST, QMNIST and EMNIST. The names may have either spelling,
/// plain or .gz. If `folder` is a file, returns that. Throws Error if it finds images of several data sets,
/// or of several splits of EMNIST, in these folders; and, with the names that it looked for, if it finds
/// none.
std::filesystem::path find_images(const std::filesystem::path& folder,
                                  std::initializer_list<std::string_view> sets = {"train", "t10k"});

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/find_images.hpp>
#endif
