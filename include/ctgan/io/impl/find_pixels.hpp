#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/cifar.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/impl/cifar.hpp>
#include <ctgan/io/picture_folder.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <filesystem>
#include <utility>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// The file of images in IDX format at a path; an empty path if that is a folder of pictures. Throws Error if
/// it is neither.
CTGAN_IO_FUNCTION std::filesystem::path idx_file(const std::filesystem::path& path,
                                                 bool (*is_other)(const std::filesystem::path&)) try {
    return find_images(path);
} catch (const Error&) {
    if (is_folder(path) && is_other(path)) return {};
    throw;
}

#ifdef CTGAN_WITH_JPEG
inline namespace with_libjpeg {
#else
inline namespace without_libjpeg {
#endif

CTGAN_IO_FUNCTION FoundPixels find_pixels(const std::filesystem::path& path, const PictureShape& shape,
                                          const FolderOptions& options) {
    if (shape.channels == 1) {
        if (const auto file = idx_file(path, has_pictures); !file.empty())
            return {read_idx_images(file, {shape.height, shape.width}).pixels, {}, {}};
    } else if (shape.height == 32 && shape.width == 32 && (!is_folder(path) || is_cifar(path))) {
        return {read_cifar(path).pixels, {}, {}};
    } else if (!is_folder(path)) {
        const InputFile file(path, "a folder of pictures"); // which says if there is none
        throw Error(path, "a file", "a folder of pictures");
    }
    auto folder = read_picture_folder(path, shape, options);
    return {std::move(folder.pixels), std::move(folder.skipped), std::move(folder.cache_problem)};
}

} // namespace with_libjpeg or without_libjpeg

} // namespace ctgan::inline CTGAN_ABI::io::detail
