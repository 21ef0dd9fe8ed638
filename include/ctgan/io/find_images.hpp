#pragma once

#include <ctgan/io/error.hpp>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
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

/// The MNIST images that `folder` holds: of the sets the first that is there, by default the training images
/// ("train"), and failing those the test images ("t10k"), in folder, folder/raw or folder/MNIST/raw (where
/// torchvision puts them), plain or .gz, with either spelling of the name. Where `folder` is a file, it is
/// that. Throws Error with the names looked for.
inline std::filesystem::path find_images(const std::filesystem::path& folder,
                                         std::initializer_list<std::string_view> sets = {"train", "t10k"}) {
    if (detail::is_readable_entry(folder)) return folder;
    if (!std::filesystem::exists(folder))
        throw Error(folder, "No such file or directory", "a folder with MNIST images");
    std::string names;
    for (const std::string_view set : sets)
        for (const char* spelling : {"-images-idx3-ubyte", "-images.idx3-ubyte"}) {
            const std::string name = std::string(set) + spelling;
            for (const char* below : {"", "raw", "MNIST/raw"})
                for (const char* compression : {"", ".gz"}) {
                    auto candidate = folder / below / (name + compression);
                    if (detail::is_readable_entry(candidate)) return candidate;
                }
            names += name + ", ";
        }
    throw Error(folder, "no images in it, in raw or in MNIST/raw", names + "each with or without .gz");
}

} // namespace ctgan::io
