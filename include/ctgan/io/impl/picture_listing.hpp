#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/io/descriptor.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system.hpp>
#include <ctgan/io/system_paths.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// The files of a folder of pictures.
struct PictureListing {
    struct File {
        std::string name; ///< from the folder on, with "/" between its parts
        std::uint32_t label;
    };
    std::vector<File> files;
    std::vector<std::string> classes;
    std::size_t others = 0;  ///< files that are no pictures by their names
    std::string first_other; ///< the name of one
};

/// Whether a name ends as ImageFolder's pictures do.
CTGAN_IO_FUNCTION bool is_picture_name(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return false;
    std::string ending(name.substr(dot));
    for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    constexpr std::array<std::string_view, 9> known{".jpg", ".jpeg", ".png",  ".ppm", ".bmp",
                                                    ".pgm", ".tif",  ".tiff", ".webp"};
    return std::find(known.begin(), known.end(), ending) != known.end();
}

/// The names in a folder, sorted by their bytes, which for UTF-8 is the order of Python.
struct FolderEntries {
    std::vector<std::string> files, folders;
};

CTGAN_IO_FUNCTION FolderEntries entries_of(const std::filesystem::path& folder) {
    if (Descriptor(system::open_folder(folder)).number() < 0)
        throw Error(folder, system::error_text(errno), "a folder that can be read");
    FolderEntries entries;
    paths::for_each_entry(folder, [&](const std::filesystem::path& path) {
        std::string name = paths::name_of(path);
        if (name.starts_with('.')) return;
        std::error_code ignored;
        (paths::is_directory(path, ignored) ? entries.folders : entries.files).push_back(std::move(name));
    });
    std::sort(entries.files.begin(), entries.files.end());
    std::sort(entries.folders.begin(), entries.folders.end());
    return entries;
}

/// All folders below one, itself included, as names from the root on. A folder that symbolic links name once
/// more is only found once: many links could name few folders endlessly.
CTGAN_IO_FUNCTION void add_folders(const std::filesystem::path& root, const std::string& name,
                                   std::set<std::filesystem::path>& visited,
                                   std::vector<std::pair<std::string, FolderEntries>>& found) {
    const std::filesystem::path path = root / paths::path_of(name);
    std::error_code ignored;
    if (!visited.insert(paths::canonical(path, ignored)).second) return;
    found.emplace_back(name, entries_of(path));
    const std::vector<std::string> folders = found.back().second.folders; // found grows
    for (const std::string& folder : folders)
        add_folders(root, ctgan::detail::joined({name, "/", folder}), visited, found);
}

/// The pictures of a folder, in the order of ImageFolder. Throws Error if a folder cannot be read, if there
/// are pictures both in it and in subfolders, or if there is none in it or in one of them.
CTGAN_IO_FUNCTION PictureListing list_pictures(const std::filesystem::path& folder) {
    PictureListing listing;
    const auto add = [&](const std::string& name, std::uint32_t label) {
        if (is_picture_name(name))
            listing.files.push_back({name, label});
        else if (listing.others++ == 0)
            listing.first_other = name;
    };
    const FolderEntries top = entries_of(folder);
    for (const std::string& name : top.files) add(name, 0);
    const std::size_t beside = listing.files.size();
    std::string empty;
    for (const std::string& name : top.folders) {
        std::vector<std::pair<std::string, FolderEntries>> below;
        std::error_code ignored;
        std::set<std::filesystem::path> visited{paths::canonical(folder, ignored)}; // of this class
        add_folders(folder, name, visited, below);
        std::sort(below.begin(), below.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        const std::size_t before = listing.files.size();
        for (const auto& [path, entries] : below)
            for (const std::string& file : entries.files)
                add(ctgan::detail::joined({path, "/", file}),
                    static_cast<std::uint32_t>(listing.classes.size()));
        if (listing.files.size() == before && empty.empty()) empty = name;
        listing.classes.push_back(name);
    }
    if (listing.files.size() == beside) listing.classes.clear(); // no folder has pictures
    if (listing.files.empty())
        throw Error(folder,
                    listing.others == 0
                        ? "no files"
                        : ctgan::detail::joined({counted(listing.others, "file"), ", no picture (the first: ",
                                                 printable(listing.first_other), ")"}),
                    "files that end with .png, .jpg or .jpeg, or folders of them");
    if (!listing.classes.empty() && beside > 0)
        throw Error(folder,
                    ctgan::detail::joined({counted(beside, "picture"), " beside ",
                                           counted(listing.classes.size(), "folder"), " (",
                                           printable(listing.files.front().name), ")"}),
                    "all pictures in folders, each of which is a class, or all in this one");
    if (!listing.classes.empty() && !empty.empty())
        throw Error(folder / paths::path_of(empty), "no picture", "at least one in each folder, a class");
    if (listing.classes.empty()) listing.classes.emplace_back();
    return listing;
}

} // namespace ctgan::inline CTGAN_ABI::io::detail
