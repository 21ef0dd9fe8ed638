#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system_paths.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

inline constexpr std::size_t cifar_plane = std::size_t{32} * 32, cifar_picture = 3 * cifar_plane;

/// The files of CIFAR-10 or CIFAR-100 in a folder, whether they exist or not.
CTGAN_IO_FUNCTION CifarFiles cifar_files_in(const std::filesystem::path& folder, unsigned classes) {
    if (classes == 100) return {classes, {folder / "train.bin"}, folder / "test.bin"};
    CifarFiles files{classes, {}, folder / "test_batch.bin"};
    for (const char* name :
         {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"})
        files.training.push_back(folder / name);
    return files;
}

CTGAN_IO_FUNCTION std::vector<std::filesystem::path> all_files(const CifarFiles& files) {
    auto all = files.training;
    all.push_back(files.test);
    return all;
}

/// The files of the set of which a folder has at least one, in it or where its archive unpacks; none if there
/// are none.
CTGAN_IO_FUNCTION CifarFiles known_cifar(const std::filesystem::path& folder) {
    for (const unsigned classes : {10U, 100U})
        for (const auto& place :
             {folder / (classes == 10 ? "cifar-10-batches-bin" : "cifar-100-binary"), folder}) {
            CifarFiles files = cifar_files_in(place, classes);
            for (const auto& file : all_files(files))
                if (paths::exists(file)) return files;
        }
    return {0, {}, {}};
}

CTGAN_IO_FUNCTION bool is_folder(const std::filesystem::path& path) {
    std::error_code ignored;
    return paths::is_directory(path, ignored);
}

/// Whether a file begins as one of images in IDX format, of which none is as large as a number of pictures in
/// CIFAR's formats by more than chance. False if it cannot be read.
CTGAN_IO_FUNCTION bool begins_as_idx(const std::filesystem::path& path) try {
    const InputFile file(path, "a file of pictures");
    std::array<std::byte, 4> first{};
    constexpr std::array<std::byte, 4> magic{std::byte{0}, std::byte{0}, std::byte{8}, std::byte{3}};
    return file.peek_start(first) == first.size() && first == magic &&
           file.size() % (cifar_picture + 1) != 0 && file.size() % (cifar_picture + 2) != 0;
} catch (const Error&) {
    return false;
}

} // namespace detail

CTGAN_IO_FUNCTION bool is_cifar(const std::filesystem::path& path) {
    if (detail::is_folder(path)) return detail::known_cifar(path).classes != 0;
    return path.extension() == ".bin" && !detail::begins_as_idx(path);
}

CTGAN_IO_FUNCTION CifarFiles find_cifar(const std::filesystem::path& folder) {
    constexpr const char* names = "CIFAR-10's data_batch_1.bin to 5 and test_batch.bin";
    if (!detail::is_folder(folder))
        throw Error(folder, "no folder", "that with data_batch_1.bin to 5 and test_batch.bin");
    CifarFiles files = detail::known_cifar(folder);
    if (files.classes == 0) {
        for (const char* python : {"cifar-10-batches-py", "cifar-100-python"})
            if (detail::is_folder(folder / python))
                throw Error(folder, ctgan::detail::joined({"the version for Python, ", python}),
                            "the binary version, cifar-10-batches-bin or cifar-100-binary");
        throw Error(folder, "none of its files",
                    ctgan::detail::joined({names, ", or CIFAR-100's train.bin and test.bin"}));
    }
    for (const auto& file : detail::all_files(files))
        if (!detail::paths::exists(file))
            throw Error(file, "no such file",
                        files.classes == 10 ? names : "CIFAR-100's train.bin and test.bin");
    return files;
}

CTGAN_IO_FUNCTION CifarImages read_cifar(std::span<const std::filesystem::path> files, CifarLabels labels) {
    using detail::cifar_picture, detail::cifar_plane;
    CifarImages images;
    std::vector<std::uint8_t> content;
    std::uint64_t bytes = 0; // of all files, a little more than their pixels take
    for (const auto& path : files) bytes += InputFile(path, "pictures of CIFAR's binary version").size();
    images.pixels.reserve(detail::size_in_memory(bytes));
    for (const auto& path : files) {
        InputFile file(path, "pictures of CIFAR's binary version");
        const bool of_ten = file.size() % (cifar_picture + 1) == 0,
                   of_hundred = file.size() % (cifar_picture + 2) == 0;
        if (file.size() == 0 || (!of_ten && !of_hundred))
            throw Error(
                path, counted(file.size(), "byte"),
                "1 or more pictures of 3073 bytes, CIFAR-10's binary version, or of 3074, CIFAR-100's");
        const std::string name = detail::paths::name_of(path);
        const unsigned classes =
            of_hundred && (!of_ten || name == "train.bin" || name == "test.bin") ? 100 : 10;
        if (images.labels.empty()) images.classes = classes;
        if (images.classes != classes)
            throw Error(
                path, ctgan::detail::joined({"pictures of CIFAR-", classes}),
                ctgan::detail::joined({"those of CIFAR-", images.classes, ", as in the file before"}));
        const std::size_t before = classes == 100 ? 2 : 1, record = before + cifar_picture;
        content.resize(detail::size_in_memory(file.size()));
        file.read_exactly(std::as_writable_bytes(std::span(content)));
        file.require_unchanged();
        for (std::size_t at = 0; at < content.size(); at += record) {
            const auto check = [&](std::size_t place, unsigned count) {
                if (labels == CifarLabels::checked && content[place] >= count)
                    throw Error(path, place, ctgan::detail::joined({"label ", unsigned{content[place]}}),
                                ctgan::detail::joined({"a label from 0 to ", count - 1}));
                return content[place];
            };
            if (classes == 100) images.groups.push_back(check(at, 20));
            images.labels.push_back(check(at + before - 1, classes));
            // Channels last, as networks have them.
            const std::uint8_t* const planes = content.data() + at + before;
            for (std::size_t pixel = 0; pixel < cifar_plane; ++pixel)
                for (std::size_t channel = 0; channel < 3; ++channel)
                    images.pixels.push_back(planes[channel * cifar_plane + pixel]);
        }
    }
    return images;
}

CTGAN_IO_FUNCTION CifarImages read_cifar(const std::filesystem::path& path, CifarLabels labels) {
    return read_cifar(detail::is_folder(path) ? find_cifar(path).training : std::vector{path}, labels);
}

CTGAN_IO_FUNCTION void write_cifar(const std::filesystem::path& path, std::span<const std::uint8_t> pixels) {
    using detail::cifar_picture, detail::cifar_plane;
    if (pixels.empty() || pixels.size() % cifar_picture != 0)
        ctgan::detail::fail_with<std::invalid_argument>({"write_cifar: found ", pixels.size(),
                                                         " bytes, expected pictures of ", cifar_picture,
                                                         ", one at least"});
    std::vector<std::byte> bytes;
    bytes.reserve(pixels.size() / cifar_picture * (1 + cifar_picture));
    for (std::size_t at = 0; at < pixels.size(); at += cifar_picture) {
        bytes.push_back(std::byte{0});
        for (std::size_t channel = 0; channel < 3; ++channel)
            for (std::size_t pixel = 0; pixel < cifar_plane; ++pixel)
                bytes.push_back(static_cast<std::byte>(pixels[at + 3 * pixel + channel]));
    }
    write_atomically(path, bytes);
}

} // namespace ctgan::inline CTGAN_ABI::io
