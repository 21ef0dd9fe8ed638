#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/picture_folder.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io::detail {

// The two forms of the following names differ for the linker.
#ifdef CTGAN_WITH_JPEG
inline namespace with_libjpeg {
#else
inline namespace without_libjpeg {
#endif

/// What DataSet::read() found.
struct FoundPixels {
    std::vector<std::uint8_t> pixels;
    std::vector<std::string> skipped; ///< a line for each picture that was left out
    std::string cache_problem;        ///< why the cache of a folder could not be written
};

/// Reads the images of a path, whichever of the formats that DataSet::read() takes it has. Throws Error.
FoundPixels find_pixels(const std::filesystem::path& path, const PictureShape& shape,
                        const FolderOptions& options);

} // namespace with_libjpeg or without_libjpeg

} // namespace ctgan::inline CTGAN_ABI::io::detail

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/find_pixels.hpp>
#endif
