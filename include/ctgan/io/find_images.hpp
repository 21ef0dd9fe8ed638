#pragma once

#include <ctgan/io/error.hpp>

#include <filesystem>
#include <string>
#include <system_error>

namespace ctgan::io {

namespace detail {

/// Whether there is something of that name which may be read (a directory may not). Throws Error where the
/// system does not say, for want of permission for instance.
inline bool is_readable_entry(const std::filesystem::path& path) {
    std::error_code error;
    const auto type = std::filesystem::status(path, error).type();
    if (type == std::filesystem::file_type::none) throw Error(path, error.message(), "an IDX file of images");
    return type != std::filesystem::file_type::not_found && type != std::filesystem::file_type::directory;
}

} // namespace detail

/// The MNIST images that `folder` holds: the training images, and failing those the test images ("t10k"), in
/// folder, folder/raw or folder/MNIST/raw (where torchvision puts them), plain or .gz, with either spelling
/// of the name. Where `folder` is a file, it is that. Throws Error with the names looked for.
inline std::filesystem::path find_images(const std::filesystem::path& folder) {
    if (detail::is_readable_entry(folder)) return folder;
    const std::string expected = "a folder with MNIST images";
    if (!std::filesystem::exists(folder)) throw Error(folder, "No such file or directory", expected);
    for (const char* set : {"train", "t10k"})
        for (const char* below : {"", "raw", "MNIST/raw"})
            for (const char* spelling : {"-images-idx3-ubyte", "-images.idx3-ubyte"})
                for (const char* compression : {"", ".gz"}) {
                    auto candidate = folder / below / (std::string(set) + spelling + compression);
                    if (detail::is_readable_entry(candidate)) return candidate;
                }
    throw Error(folder, "no images in it, in raw or in MNIST/raw",
                "train-images-idx3-ubyte, train-images.idx3-ubyte, t10k-images-idx3-ubyte or "
                "t10k-images.idx3-ubyte, each with or without .gz");
}

} // namespace ctgan::io
