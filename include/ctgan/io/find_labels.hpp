#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>

#include <filesystem>

namespace ctgan::inline CTGAN_ABI::io {

/// Finds the labels that belong to a file of images, plain or .gz. They are in the same folder, and their
/// name has "labels" and "idx1" in place of "images" and "idx3" (in QMNIST, "idx2-int" in place of
/// "idx3-ubyte"). Throws Error with the names that it looked
/// for if it finds none.
std::filesystem::path find_labels(const std::filesystem::path& images);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/find_labels.hpp>
#endif
