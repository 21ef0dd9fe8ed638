#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// Whether `path` exists and is not a directory. Throws Error if the system cannot tell, for example because
/// a permission is missing.
inline bool is_readable_entry(const std::filesystem::path& path) {
    std::error_code error;
    const auto type = std::filesystem::status(path, error).type();
    if (type == std::filesystem::file_type::none) throw Error(path, error.message(), "an IDX file of images");
    return type != std::filesystem::file_type::not_found && type != std::filesystem::file_type::directory;
}

} // namespace detail

/// Finds the MNIST images in `folder`. It tries the sets in order: by default the training images ("train"),
/// then the test images ("t10k"). It looks for each in `folder`, `folder`/raw and `folder`/MNIST/raw (where
/// torchvision stores them), with either spelling of the name, plain or .gz. If `folder` is a file, returns
/// that. Throws Error with the names that it looked for if it finds none.
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

} // namespace ctgan::inline CTGAN_ABI::io
