#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/system.hpp>

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#if !CTGAN_FILESYSTEM
#    include <cstdlib>
#    include <dirent.h>
#    include <memory>
#    include <sys/stat.h>
#endif

/// Names of files in UTF-8, and functions of std::filesystem, or the same by POSIX if the standard library
/// does not have them (CTGAN_FILESYSTEM is 0).
namespace ctgan::inline CTGAN_ABI::io::detail::paths {

/// The last part of a path: on Windows as UTF-8, where path::string() fails if the code page lacks a
/// character; elsewhere the bytes of the name.
inline std::string name_of(const std::filesystem::path& path) {
    const std::u8string name = path.filename().u8string();
    return {name.begin(), name.end()};
}

/// The path that has this name: the inverse of name_of().
inline std::filesystem::path path_of(std::string_view name) {
    return std::u8string(name.begin(), name.end());
}

#if CTGAN_FILESYSTEM

using std::filesystem::canonical;
using std::filesystem::exists;
using std::filesystem::is_directory;
using std::filesystem::is_symlink;
using std::filesystem::status;

/// Calls action(path) for each entry of a folder; for none if there is no such folder.
template <class Action>
void for_each_entry(const std::filesystem::path& folder, const Action& action) {
    std::error_code ignored;
    for (std::filesystem::directory_iterator entry(folder, ignored), end; entry != end;
         entry.increment(ignored))
        action(entry->path());
}

#else

inline std::filesystem::file_status status(const std::filesystem::path& path, std::error_code& error) {
    using Type = std::filesystem::file_type;
    error.clear();
    if (const auto found = system::status_of(path))
        return std::filesystem::file_status(found->regular                 ? Type::regular
                                            : found->kind == "a directory" ? Type::directory
                                                                           : Type::unknown);
    error.assign(errno, std::generic_category());
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return std::filesystem::file_status(missing ? Type::not_found : Type::none);
}

/// Unlike std::filesystem's, returns false if the system cannot tell.
inline bool exists(const std::filesystem::path& path) { return system::status_of(path).has_value(); }

inline bool is_directory(const std::filesystem::path& path, std::error_code& error) {
    return paths::status(path, error).type() == std::filesystem::file_type::directory;
}

inline bool is_symlink(const std::filesystem::path& path, std::error_code& error) {
    struct stat found {};
    error.clear();
    if (::lstat(path.c_str(), &found) == 0) return S_ISLNK(found.st_mode);
    error.assign(errno, std::generic_category());
    return false;
}

inline std::filesystem::path canonical(const std::filesystem::path& path, std::error_code& error) {
    struct Free {
        void operator()(char* text) const { std::free(text); }
    };
    error.clear();
    const std::unique_ptr<char, Free> found(::realpath(path.c_str(), nullptr));
    if (found) return found.get();
    error.assign(errno, std::generic_category());
    return {};
}

template <class Action>
void for_each_entry(const std::filesystem::path& folder, const Action& action) {
    struct Close {
        void operator()(DIR* opened) const { ::closedir(opened); }
    };
    const std::unique_ptr<DIR, Close> opened(::opendir(folder.c_str()));
    if (!opened) return;
    while (const dirent* entry = ::readdir(opened.get())) {
        const std::filesystem::path name = entry->d_name;
        if (name != "." && name != "..") action(folder / name);
    }
}

#endif

} // namespace ctgan::inline CTGAN_ABI::io::detail::paths
