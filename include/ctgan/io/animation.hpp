#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/picture.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// How long the frames of an animation are shown, from 10 to 655,350 milliseconds. A GIF rounds down to
/// hundredths of a second.
struct FrameTimes {
    int each = 200;  ///< milliseconds of each frame but the last one
    int last = 2000; ///< milliseconds of the last one, before the animation begins again
};

/// Encodes pictures as the bytes of an animated PNG file (APNG, PNG's third edition), which repeats for ever.
/// A program that does not know the format shows the first picture. Throws std::invalid_argument if there are
/// no frames, they differ in size or in their channels, a frame is not what encode_png() takes, or a time is
/// out of range. Throws std::runtime_error if zlib fails.
std::vector<std::byte> encode_apng(std::span<const Picture> frames, FrameTimes times = {});

// The two forms of the following functions have different names for the linker.
#ifdef CTGAN_WITH_GIF
inline namespace with_giflib {
#else
inline namespace without_giflib {
#endif

/// Whether the program can write GIF files: if it is compiled with -DCTGAN_WITH_GIF, and linked with giflib.
bool writes_gif();

/// Throws Error, which names the path, unless write_animation() can write a file of this name: it ends with
/// .png, or with .gif in a program with giflib.
void require_animation_name(const std::filesystem::path& path);

/// Writes pictures as an animation that repeats for ever, all or nothing: an animated PNG if the name ends
/// with .png, a GIF if it ends with .gif. A GIF has all 256 shades of gray, but no pictures of 3 channels.
/// Throws what require_animation_name(), encode_apng() and write_atomically() throw, std::invalid_argument
/// also for a GIF of pictures that are not gray or have more than 65,535 rows or columns, and
/// std::runtime_error if giflib fails.
void write_animation(const std::filesystem::path& path, std::span<const Picture> frames,
                     FrameTimes times = {});

} // namespace with_giflib or without_giflib

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/animation.hpp>
#endif
