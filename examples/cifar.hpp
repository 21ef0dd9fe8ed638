#pragma once

#include <ctgan/core/shape.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>

#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Pictures in the format of CIFAR-10's binary version (Krizhevsky: Learning Multiple Layers of Features from
/// Tiny Images, 2009): for each picture the byte of its label, then 1,024 bytes of red, of green and of blue,
/// row by row.
namespace cifar {

using Picture = ctgan::Image<3, 32, 32>;
inline constexpr int classes = 10;

/// The files of the data set.
struct Files {
    std::vector<std::filesystem::path> training;
    std::filesystem::path test;
};

namespace detail {

/// The folder itself, or the one in it that the published archive unpacks to.
inline std::filesystem::path folder_of(const std::filesystem::path& folder) {
    std::error_code ignored;
    const auto below = folder / "cifar-10-batches-bin";
    return std::filesystem::is_directory(below, ignored) ? below : folder;
}

/// Whether the first bytes are those of a file of images in IDX format, of which none is as large as a
/// number of pictures in this format by more than chance.
inline bool begins_as_idx(const std::filesystem::path& path) {
    std::error_code none;
    char first[4] = {};
    std::ifstream(path, std::ios::binary).read(first, sizeof first);
    const std::uintmax_t size = std::filesystem::file_size(path, none);
    return std::string_view(first, sizeof first) == std::string_view("\0\0\x08\x03", 4) &&
           (none || size % (1 + Picture::size) != 0);
}

inline Files files_in(const std::filesystem::path& folder) {
    Files files;
    for (int i = 1; i <= 5; ++i) files.training.push_back(folder / fmt::format("data_batch_{}.bin", i));
    files.test = folder / "test_batch.bin";
    return files;
}

} // namespace detail

/// Whether a path is a folder with a file of the data set, or a file whose name ends with ".bin" and that is
/// not one of images in IDX format.
inline bool is_cifar(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored))
        return path.extension() == ".bin" && !detail::begins_as_idx(path);
    const Files files = detail::files_in(detail::folder_of(path));
    bool found = std::filesystem::exists(files.test, ignored);
    for (const auto& file : files.training) found = found || std::filesystem::exists(file, ignored);
    return found;
}

/// The files of a folder. Throws io::Error if it is none, or if one of the files is missing.
inline Files find(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored))
        throw ctgan::io::Error(path, "no folder", "that with data_batch_1.bin to 5 and test_batch.bin");
    Files files = detail::files_in(detail::folder_of(path));
    auto all = files.training;
    all.push_back(files.test);
    for (const auto& file : all)
        if (!std::filesystem::exists(file, ignored))
            throw ctgan::io::Error(file, "no such file",
                                   "CIFAR-10's data_batch_1.bin to 5 and test_batch.bin");
    return files;
}

struct LabelledPictures {
    ctgan::io::DataSet<Picture> images;
    std::vector<std::uint8_t> labels;
};

enum class Labels {
    checked, ///< they are from 0 to 9
    ignored  ///< any byte: generated pictures have none
};

/// The pictures of files, one after the other. Throws io::Error, with the file and the place, if one is no
/// whole number of pictures, one at least, or if a label is not that of a class.
inline LabelledPictures read(const std::vector<std::filesystem::path>& files, Labels wanted) {
    constexpr std::size_t plane = std::size_t{Picture::height} * Picture::width, record = 1 + Picture::size;
    std::vector<std::uint8_t> pixels, labels, content;
    for (const auto& path : files) {
        const std::string expected = fmt::format("pictures of {} bytes, CIFAR-10's binary version", record);
        ctgan::io::InputFile file(path, expected);
        if (file.size() == 0 || file.size() % record != 0)
            throw ctgan::io::Error(path, ctgan::io::counted(file.size(), "byte"), "1 or more " + expected);
        content.resize(static_cast<std::size_t>(file.size()));
        const std::size_t got = file.read(std::as_writable_bytes(std::span(content)));
        if (got != content.size())
            throw ctgan::io::Error(path, got, "the end of the file", ctgan::io::counted(file.size(), "byte"));
        for (std::size_t at = 0; at < content.size(); at += record) {
            const std::uint8_t label = content[at];
            if (wanted == Labels::checked && label >= classes)
                throw ctgan::io::Error(path, at, fmt::format("label {}", label),
                                       fmt::format("a label from 0 to {}", classes - 1));
            labels.push_back(label);
            // Channels last, as networks have them.
            for (std::size_t pixel = 0; pixel < plane; ++pixel)
                for (std::size_t channel = 0; channel < Picture::channels; ++channel)
                    pixels.push_back(content[at + 1 + channel * plane + pixel]);
        }
    }
    return {ctgan::io::DataSet<Picture>(std::move(pixels)), std::move(labels)};
}

/// The pictures of a file, or those that a folder has for training. Throws io::Error.
inline LabelledPictures read(const std::filesystem::path& path, Labels wanted) {
    std::error_code ignored;
    return read(std::filesystem::is_directory(path, ignored) ? find(path).training : std::vector{path},
                wanted);
}

} // namespace cifar
