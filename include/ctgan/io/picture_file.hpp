#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/picture.hpp>

#include <cstddef>
#include <filesystem>
#include <span>

namespace ctgan::inline CTGAN_ABI::io {

/// The most pixels that a picture may have before it is decoded: the limit above which Pillow warns of a
/// decompression bomb, a quarter of 1 GiB at 3 bytes a pixel.
inline constexpr std::size_t most_pixels_by_default = 89'478'485;

// The two forms of the following functions have different names for the linker.
#ifdef CTGAN_WITH_JPEG
inline namespace with_libjpeg {
#else
inline namespace without_libjpeg {
#endif

/// Whether the program can read JPEG files: if it is compiled with -DCTGAN_WITH_JPEG, and linked with
/// libjpeg-turbo.
bool reads_jpeg();

/// Decodes the bytes of a PNG or JPEG file as a picture of `channels` channels, 1 (gray) or 3 (RGB): the
/// bytes of Pillow's `Image.open(path).convert("L")` or `.convert("RGB")`, but for gray pictures of 16 bits,
/// of which the upper 8 are taken. Transparency is dropped. An orientation (Exif) is not applied. `path` is
/// for messages.
///
/// Throws Error if the bytes are no such file, end too early or are damaged (JPEG files have no checksum: a
/// change that gives valid codes is not noticed), or if the picture has more than
/// `most_pixels` pixels, which is found before memory for them is allocated; std::invalid_argument for
/// another number of channels.
Picture decode_picture(std::span<const std::byte> bytes, const std::filesystem::path& path,
                       std::size_t channels, std::size_t most_pixels = most_pixels_by_default);

/// The same for a file, which may have at most 8 bytes for each of `most_pixels`, and 1 MB more.
Picture read_picture(const std::filesystem::path& path, std::size_t channels,
                     std::size_t most_pixels = most_pixels_by_default);

} // namespace with_libjpeg or without_libjpeg

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/picture_file.hpp>
#endif
