#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/picture_file.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// How a folder of pictures is read.
struct FolderOptions {
    /// Leave out pictures that cannot be read, instead of throwing an Error.
    bool skip_broken = false;
    /// The most pixels that a picture may have before it is resized.
    std::size_t most_pixels = most_pixels_by_default;
    /// Keep what was read in a file, so that the next time nothing is decoded.
    bool use_cache = true;
    /// That file; empty: `.ctgan-CxHxW.pictures` in the folder, for the shape C, H, W.
    std::filesystem::path cache = {};
};

/// The shape of the pictures that a folder is to give.
struct PictureShape {
    std::size_t channels; ///< 1 (gray) or 3 (RGB)
    std::size_t height;   ///< in pixels
    std::size_t width;    ///< in pixels
};

/// The pictures of a folder, all in one shape.
struct PictureFolder {
    std::vector<std::uint8_t> pixels;  ///< [count][height][width][channels]
    std::vector<std::uint32_t> labels; ///< of each picture, the index of its class
    std::vector<std::string> classes;  ///< names of the subfolders; one empty name if there are none
    std::vector<std::string> skipped;  ///< a line for each picture that was left out
    bool from_cache = false;           ///< whether nothing was decoded
    std::string cache_problem = {}; ///< why the cache could not be written; empty if it was, or is not used
};

// The two forms of the following functions have different names for the linker.
#ifdef CTGAN_WITH_JPEG
inline namespace with_libjpeg {
#else
inline namespace without_libjpeg {
#endif

/// Whether a folder, or one below it, has a file whose name ends as that of a picture.
bool has_pictures(const std::filesystem::path& folder);

/// Reads a folder of pictures as torchvision's ImageFolder does with `Resize(size)` and `CenterCrop(size)`:
/// the same pictures in the same order, with the same bytes. Each subfolder is a class, with all pictures
/// below it; classes and files are sorted by name. Without subfolders, all pictures are of one class. Unlike
/// ImageFolder's, names that begin with a dot are left out, and pictures beside subfolders are an error.
/// Pictures are the files with ImageFolder's endings; those that are neither PNG nor JPEG are broken ones.
///
/// Decoding uses all threads of the CPU backend. The result is kept in a cache, which is used as long as
/// names, sizes and times of all files, and the options, are the same, and if its checksum is right. A cache
/// that cannot be written is no error, unless its name is given in the options. Only a cache is ever
/// replaced. It is not written if a picture was left out for another reason than its content. (Before it is
/// written, what killed processes left of theirs in its folder is removed, as by remove_leftovers().)
///
/// Throws Error if there are no pictures, if a subfolder has none, or, unless they are to be skipped, if a
/// picture cannot be read (read_picture()); std::invalid_argument if `shape` is not one of pictures.
PictureFolder read_picture_folder(const std::filesystem::path& folder, const PictureShape& shape,
                                  const FolderOptions& options = {});

/// The same for the shape Image<1, H, W> or Image<3, H, W>. Then `DataSet<Shape>(std::move(folder.pixels))`.
template <class Shape>
    requires(detail::is_picture<Shape>)
PictureFolder read_picture_folder(const std::filesystem::path& folder, const FolderOptions& options = {}) {
    return read_picture_folder(folder, {Shape::channels, Shape::height, Shape::width}, options);
}

} // namespace with_libjpeg or without_libjpeg

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/picture_folder.hpp>
#endif
