#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/picture.hpp>

#include <cstddef>
#include <filesystem>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// Encodes a picture as the bytes of a PNG file. Throws std::invalid_argument if the picture does not have 1
/// or 3 channels, its height or width is 0 or exceeds 1,000,000, or its sizes do not match the number of its
/// bytes. Throws std::runtime_error if libpng fails.
std::vector<std::byte> encode_png(const Picture& picture);

/// Writes a picture as a PNG file, all or nothing. Throws what encode_png() and write_atomically() throw.
void write_png(const std::filesystem::path& path, const Picture& picture);

/// Reads a PNG file of at most 64 MB and 268,435,456 pixels as a gray picture, or as RGB if it has colors.
/// What is no 8-bit gray or RGB is converted. Throws Error if it is not such a file.
Picture read_png(const std::filesystem::path& path);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/png.hpp>
#endif
