#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

/// Pictures in the binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky: Learning Multiple Layers of
/// Features from Tiny Images, 2009), which all have the shape Image<3, 32, 32>. A file has for each picture
/// its label, in CIFAR-100 two of them, then 1,024 bytes of red, of green and of blue, row by row.
namespace ctgan::inline CTGAN_ABI::io {

/// The files of one of the data sets.
struct CifarFiles {
    unsigned classes = 10;                       ///< 10 or 100
    std::vector<std::filesystem::path> training; ///< five or one
    std::filesystem::path test;                  ///< that of pictures to test with
};

/// Pictures with labels.
struct CifarImages {
    unsigned classes = 10;            ///< 10 or 100
    std::vector<std::uint8_t> pixels; ///< [count][32][32][3]
    std::vector<std::uint8_t> labels; ///< of each picture
    std::vector<std::uint8_t> groups; ///< CIFAR-100: the coarse labels, 0 to 19
};

/// Which labels read_cifar() takes.
enum class CifarLabels {
    checked, ///< those of the classes
    ignored  ///< any byte: generated pictures have none
};

/// Whether a path is a folder with files that have the names of CIFAR-10's or CIFAR-100's, or one in which
/// their archives were unpacked (cifar-10-batches-bin, cifar-100-binary), or a file whose name ends with
/// ".bin" and that is not one of images in IDX format.
bool is_cifar(const std::filesystem::path& path);

/// The files of such a folder; of CIFAR-10, if it has both. Throws Error if it is none, if it has the version
/// for Python, or if one of the files is missing.
CifarFiles find_cifar(const std::filesystem::path& folder);

/// The pictures of files, one after the other. A file is of CIFAR-100 if its size is a multiple of 3,074
/// bytes and not of 3,073, or of both and its name is train.bin or test.bin. Throws Error, with the file and
/// the place, if one is no whole number of pictures, one at least, if files of both sets are mixed, or if a
/// label is not that of a class.
CifarImages read_cifar(std::span<const std::filesystem::path> files,
                       CifarLabels labels = CifarLabels::checked);

/// The pictures of a file, or those that a folder has for training. Throws the same.
CifarImages read_cifar(const std::filesystem::path& path, CifarLabels labels = CifarLabels::checked);

/// Writes pictures, [count][32][32][3], as a file of CIFAR-10's format, all with label 0. Throws Error if
/// that fails, std::invalid_argument unless there is a whole number of pictures, one at least.
void write_cifar(const std::filesystem::path& path, std::span<const std::uint8_t> pixels);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/cifar.hpp>
#endif
