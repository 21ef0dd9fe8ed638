#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/folder.hpp>
#include <ctgan/io/impl/picture_cache.hpp>
#include <ctgan/io/impl/picture_listing.hpp>
#include <ctgan/io/picture_file.hpp>
#include <ctgan/io/resize.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system.hpp>
#include <ctgan/io/system_paths.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// Joins a text and its end, between which it puts a zero: no name of a file has one.
CTGAN_IO_FUNCTION void append_field(std::string& key, std::string_view text) {
    key.append(text);
    key.push_back('\0');
}

/// Ends at the first picture. Folders that cannot be read have none.
CTGAN_IO_FUNCTION bool has_pictures_in(const std::filesystem::path& folder,
                                       std::set<std::filesystem::path>& visited) {
    std::error_code ignored;
    if (!visited.insert(paths::canonical(folder, ignored)).second) return false;
    FolderEntries entries;
    try {
        entries = entries_of(folder);
    } catch (const Error&) {
        return false;
    }
    return std::any_of(entries.files.begin(), entries.files.end(), is_picture_name) ||
           std::any_of(entries.folders.begin(), entries.folders.end(), [&](const std::string& name) {
               return has_pictures_in(folder / paths::path_of(name), visited);
           });
}

/// A picture that could not be read.
struct PictureProblem {
    Error error;
    bool lasting; ///< the file's content is at fault, so that it will be the same next time
};

} // namespace detail

#ifdef CTGAN_WITH_JPEG
inline namespace with_libjpeg {
#else
inline namespace without_libjpeg {
#endif

CTGAN_IO_FUNCTION bool has_pictures(const std::filesystem::path& folder) {
    std::set<std::filesystem::path> visited;
    return detail::has_pictures_in(folder, visited);
}

/// In a namespace that differs between the two forms, unlike detail.
namespace folder_parts {

/// What the pixels depend on: the options, and names, sizes and times of the files.
CTGAN_IO_FUNCTION std::string picture_key(const std::filesystem::path& folder,
                                          const detail::PictureListing& listing, const PictureShape& shape,
                                          const FolderOptions& options) {
    // Another number when decoding or resizing gives other pixels than before.
    constexpr std::string_view version = "1";
    std::string key;
    detail::append_field(key, version);
    detail::append_field(
        key, ctgan::detail::joined({shape.channels, " x ", shape.height, " x ", shape.width, ", at most ",
                                    options.most_pixels, " pixels", reads_jpeg() ? ", JPEG" : ""}));
    for (const detail::PictureListing::File& file : listing.files) {
        detail::append_field(key, file.name);
        const auto status = detail::system::status_of(folder / detail::paths::path_of(file.name));
        if (status)
            detail::append_field(
                key, ctgan::detail::joined({status->size, " ", status->seconds, " ", status->nanoseconds}));
        else
            detail::append_field(key, "gone"); // reading it will say why
    }
    return key;
}

/// The pictures that were left out, and whether all of them will be the next time.
struct Skipped {
    std::vector<detail::SkippedPicture> pictures;
    bool lasting = true;
};

/// Reads all pictures, a block of them at a time, so that a broken one ends the work soon and it is the first
/// one that is reported. The pixels are those of the pictures that are not skipped.
CTGAN_IO_FUNCTION Skipped decode_pictures(const std::filesystem::path& folder,
                                          const detail::PictureListing& listing, const PictureShape& shape,
                                          const FolderOptions& options, std::vector<std::uint8_t>& pixels) {
    constexpr std::size_t block = 1024;
    const std::size_t size = shape.channels * shape.height * shape.width, files = listing.files.size();
    pixels.resize(detail::size_in_memory(std::uint64_t{files} * size));
    Skipped skipped;
    std::vector<std::optional<detail::PictureProblem>> problems(block);
    std::size_t kept = 0;
    for (std::size_t first = 0; first < files; first += block) {
        const std::size_t n = (std::min)(block, files - first);
        const auto read = [&](Index i) {
            const auto at = static_cast<std::size_t>(i);
            problems[at].reset();
            bool lasting = false;
            try {
                const auto path = folder / detail::paths::path_of(listing.files[first + at].name);
                const auto bytes =
                    detail::bytes_of_picture(path, options.most_pixels, file_parts::readable_picture());
                lasting = true;
                const Picture picture =
                    resized_and_cropped(decode_picture(bytes, path, shape.channels, options.most_pixels),
                                        shape.height, shape.width);
                std::copy(picture.pixels.begin(), picture.pixels.end(), pixels.data() + (first + at) * size);
            } catch (const Error& error) {
                problems[at] = detail::PictureProblem{error, lasting};
            }
        };
        cpu::parallel_for(static_cast<Index>(n), read);
        for (std::size_t i = 0; i < n; ++i) {
            if (problems[i] && !options.skip_broken) throw problems[i]->error;
            if (problems[i]) {
                skipped.pictures.push_back(
                    {static_cast<std::uint32_t>(first + i), problems[i]->error.what()});
                skipped.lasting = skipped.lasting && problems[i]->lasting;
                continue;
            }
            if (kept < first + i)
                std::copy_n(pixels.data() + (first + i) * size, size, pixels.data() + kept * size);
            ++kept;
        }
    }
    pixels.resize(kept * size);
    return skipped;
}

} // namespace folder_parts

CTGAN_IO_FUNCTION PictureFolder read_picture_folder(const std::filesystem::path& folder,
                                                    const PictureShape& shape, const FolderOptions& options) {
    constexpr std::size_t largest = 1U << 16;
    if ((shape.channels != 1 && shape.channels != 3) || shape.height < 1 || shape.height > largest ||
        shape.width < 1 || shape.width > largest)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"read_picture_folder: found a shape of ", shape.channels, " x ", shape.height, " x ",
             shape.width, ", expected 1 or 3 channels and 1 to ", largest, " rows and columns"});
    detail::PictureListing listing = detail::list_pictures(folder);
    const std::size_t size = shape.channels * shape.height * shape.width;
    const std::string key = folder_parts::picture_key(folder, listing, shape, options);
    const std::filesystem::path path =
        !options.cache.empty() ? options.cache
                               : folder / ctgan::detail::joined({".ctgan-", shape.channels, "x", shape.height,
                                                                 "x", shape.width, ".pictures"});
    PictureFolder result;
    std::vector<detail::SkippedPicture> skipped;
    if (options.use_cache) {
        auto known = detail::read_picture_cache(path, key, size, listing.files.size());
        if (known && (known->skipped.empty() || options.skip_broken)) {
            result.pixels = std::move(known->pixels);
            skipped = std::move(known->skipped);
            result.from_cache = true;
        }
    }
    if (!result.from_cache) {
        const bool is_given = options.use_cache && !options.cache.empty();
        if (is_given) detail::require_replaceable(path); // before the work
        detail::PictureCache cache{key, {}, {}};
        auto left_out = folder_parts::decode_pictures(folder, listing, shape, options, cache.pixels);
        cache.skipped = std::move(left_out.pictures);
        if (options.use_cache && left_out.lasting) try {
                detail::require_replaceable(path);
                remove_leftovers(path.has_parent_path() ? path.parent_path() : ".", Leftovers::of_others);
                detail::write_picture_cache(path, cache);
            } catch (const Error& error) {
                if (is_given) throw;
                result.cache_problem = error.what();
            }
        result.pixels = std::move(cache.pixels);
        skipped = std::move(cache.skipped);
    }
    if (result.pixels.empty())
        throw Error(folder,
                    ctgan::detail::joined({counted(skipped.size(), "picture"),
                                           ", all of them broken (the first: ", skipped.front().line, ")"}),
                    "at least one that can be read");
    std::size_t next = 0;
    for (std::size_t i = 0; i < listing.files.size(); ++i)
        if (next < skipped.size() && skipped[next].number == i)
            result.skipped.push_back(std::move(skipped[next++].line));
        else
            result.labels.push_back(listing.files[i].label);
    result.classes = std::move(listing.classes);
    return result;
}

} // namespace with_libjpeg or without_libjpeg

} // namespace ctgan::inline CTGAN_ABI::io
