#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system_paths.hpp>

#include <array>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// Whether `path` exists and is not a directory. Throws Error if the system cannot tell, for example because
/// a permission is missing.
CTGAN_IO_FUNCTION bool is_readable_entry(const std::filesystem::path& path) {
    std::error_code error;
    const auto type = paths::status(path, error).type();
    if (type == std::filesystem::file_type::none) throw Error(path, error.message(), "an IDX file of images");
    return type != std::filesystem::file_type::not_found && type != std::filesystem::file_type::directory;
}

/// A data set of torchvision: the folder in a root in which it is stored, and what its file names begin with.
struct KnownDataSet {
    std::string_view name;        ///< for messages
    std::string_view folder;      ///< in the root
    std::string_view prefix = {}; ///< in front of "train-images-idx3-ubyte"
    bool t10k = false;            ///< whether the test images are called "t10k", and not "test"

    /// The name of its file of images: "train-images-idx3-ubyte".
    std::string file(std::string_view set, std::string_view spelling) const {
        return std::string(prefix).append(set == "t10k" && !t10k ? "test" : set).append(spelling);
    }
};

inline constexpr std::array known_data_sets{
    KnownDataSet{"MNIST", "MNIST", "", true},
    KnownDataSet{"FashionMNIST", "FashionMNIST", "", true},
    KnownDataSet{"KMNIST", "KMNIST", "", true},
    KnownDataSet{"QMNIST", "QMNIST", "qmnist-"},
    KnownDataSet{"EMNIST balanced", "EMNIST", "emnist-balanced-"},
    KnownDataSet{"EMNIST byclass", "EMNIST", "emnist-byclass-"},
    KnownDataSet{"EMNIST bymerge", "EMNIST", "emnist-bymerge-"},
    KnownDataSet{"EMNIST digits", "EMNIST", "emnist-digits-"},
    KnownDataSet{"EMNIST letters", "EMNIST", "emnist-letters-"},
    KnownDataSet{"EMNIST mnist", "EMNIST", "emnist-mnist-"},
};

/// The two spellings of what follows the name of the set.
inline constexpr std::array<std::string_view, 2> images_spellings{"-images-idx3-ubyte", "-images.idx3-ubyte"};

/// A data set whose images have been found.
struct FoundImages {
    std::string_view name; ///< of the data set
    std::size_t set;       ///< index of the first set that is there
    std::filesystem::path path;
};

/// Looks for images of a data set in `folders`, for the sets in their order. The result's path is empty if
/// there are none.
CTGAN_IO_FUNCTION FoundImages find_in(const KnownDataSet& data,
                                      std::span<const std::filesystem::path> folders,
                                      std::initializer_list<std::string_view> sets) {
    for (const std::string_view* set = sets.begin(); set != sets.end(); ++set)
        for (const std::string_view spelling : images_spellings)
            for (const std::filesystem::path& folder : folders)
                for (const char* compression : {"", ".gz"}) {
                    auto candidate = folder / (data.file(*set, spelling) + compression);
                    if (is_readable_entry(candidate))
                        return {data.name, static_cast<std::size_t>(set - sets.begin()),
                                std::move(candidate)};
                }
    return {};
}

/// The path of the only data set in the list. Throws Error with all of them if there are several.
CTGAN_IO_FUNCTION std::filesystem::path only_one(const std::filesystem::path& folder,
                                                 const std::vector<FoundImages>& found) {
    if (found.size() == 1) return found.front().path;
    std::string names;
    for (const FoundImages& images : found) names.append(names.empty() ? "" : ", ").append(images.name);
    throw Error(folder, counted(found.size(), "data set") + " (" + names + ")",
                "the path of one, such as " + shown(found.front().path));
}

} // namespace detail

CTGAN_IO_FUNCTION std::filesystem::path find_images(const std::filesystem::path& folder,
                                                    std::initializer_list<std::string_view> sets) {
    if (detail::is_readable_entry(folder)) return folder;
    if (!detail::paths::exists(folder))
        throw Error(folder, "No such file or directory", "a folder with MNIST images");
    std::vector<detail::FoundImages> here, below;
    const auto add = [&](std::vector<detail::FoundImages>& list, const detail::KnownDataSet& data,
                         std::span<const std::filesystem::path> folders) {
        auto found = detail::find_in(data, folders, sets);
        if (!found.path.empty()) list.push_back(std::move(found));
    };
    const std::array folders_here{folder, folder / "raw"};
    for (const detail::KnownDataSet& data : detail::known_data_sets) {
        // The files of FashionMNIST and KMNIST have the names of MNIST's.
        if (!data.prefix.empty() || data.name == "MNIST") add(here, data, folders_here);
        const std::array torchvision{folder / data.folder / "raw"};
        add(below, data, torchvision);
    }
    // A set of the folder itself is preferred to the same set below it, but not to an earlier one.
    for (std::size_t set = 0; set < sets.size(); ++set)
        for (const auto* list : {&here, &below})
            for (const detail::FoundImages& found : *list)
                if (found.set == set) return detail::only_one(folder, *list);
    std::string names;
    for (const std::string_view set : sets)
        for (const std::string_view spelling : detail::images_spellings)
            names.append(set).append(spelling).append(", ");
    throw Error(folder,
                "no images in it, in raw or in MNIST/raw, FashionMNIST/raw, KMNIST/raw, QMNIST/raw or "
                "EMNIST/raw",
                names + "or the names of QMNIST or EMNIST, each with or without .gz");
}

} // namespace ctgan::inline CTGAN_ABI::io
