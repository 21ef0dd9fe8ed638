#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/descriptor.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/system.hpp>
#include <ctgan/io/system_paths.hpp>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// What stands in the way of a folder, in words for messages.
inline std::string obstacle(const std::filesystem::path& path) {
    if (const auto status = system::status_of(path)) return std::string(status->kind);
    const int code = errno;
    std::error_code ignored;
    if (code == ENOENT && paths::is_symlink(path, ignored)) return "a symbolic link to a missing file";
    return system::error_text(code);
}

} // namespace detail

/// Creates a folder and the folders above it, and syncs them to disk, so that they still exist after a crash.
/// Other threads and processes may create the same folders at the same time. Throws Error if that fails.
inline void make_folder(const std::filesystem::path& folder) {
    const std::string expected = "a folder to write to";
    std::error_code code;
    if (detail::paths::is_directory(folder, code)) return;
    if (code && code != std::errc::no_such_file_or_directory && code != std::errc::not_a_directory)
        throw Error(folder, code.message(), expected);
    const std::filesystem::path above = folder.has_parent_path() ? folder.parent_path() : ".";
    if (above != folder) make_folder(above);
    if (!detail::system::create_folder(folder)) {
        const int error = errno;
        // It exists if the name ends with a slash ("a/" is in "a"), or if another process was faster.
        if (error != EEXIST) throw Error(folder, detail::system::error_text(error), expected);
        if (!detail::paths::is_directory(folder, code))
            throw Error(folder, detail::obstacle(folder), expected);
    }
    const detail::Descriptor parent(detail::system::open_folder(above));
    if (parent.number() < 0 || !detail::system::sync_folder(parent.number()))
        throw Error(above, detail::system::error_text(errno) + " (in fsync)", expected);
}

/// Locks a folder for one process: as long as this object exists, every other attempt to lock the folder
/// throws Error. The system releases the lock when the process ends, even after a crash, and no lock file is
/// left behind. On file systems without locks, and in WebAssembly, it has
/// no effect. (Windows locks no folders; there, a hidden file ".ctgan.lock" exists as long as the lock.)
class FolderLock {
  public:
    /// Throws Error if there is no such folder, or if it is already locked.
    explicit FolderLock(const std::filesystem::path& folder) : folder_(-1) {
        int opened = -1;
        const detail::system::Lock result = detail::system::lock_folder(folder, opened);
        const int code = errno;
        folder_ = detail::Descriptor(opened);
        if (result == detail::system::Lock::no_folder)
            throw Error(folder, detail::system::error_text(code), "a folder");
        if (result == detail::system::Lock::elsewhere)
            throw Error(folder, "another process that writes into it", "a folder for this one alone");
    }

  private:
    detail::Descriptor folder_;
};

/// Whose temporary files remove_leftovers() removes: also those with this process's ID, which an earlier
/// process had, or only those of others.
enum class Leftovers { all, of_others };

/// Removes the temporary files of write_atomically() that killed processes left in a folder. Those of other
/// live processes stay. By default files with this process's own ID are removed as well: call it before this
/// process writes to the folder.
inline void remove_leftovers(const std::filesystem::path& folder, Leftovers which = Leftovers::all) {
    detail::paths::for_each_entry(folder, [which](const std::filesystem::path& entry) {
        const std::string name = detail::paths::name_of(entry);
        const std::string_view start = detail::temporary_start;
        if (!name.starts_with(start) || !name.ends_with(detail::temporary_end)) return;
        int process = 0;
        std::from_chars(name.data() + start.size(), name.data() + name.size(), process);
        if (process <= 0) return; // not a name from PendingFile
        const bool own = process == detail::system::process_id();
        if (own ? which == Leftovers::all : detail::system::has_ended(process)) detail::system::remove(entry);
    });
}

} // namespace ctgan::inline CTGAN_ABI::io
