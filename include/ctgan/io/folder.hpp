#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// What stands in the way of a folder, in words for messages.
inline std::string obstacle(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) return kind_of_file(status.st_mode);
    const int code = errno;
    if (code == ENOENT && ::lstat(path.c_str(), &status) == 0) return "a symbolic link to a missing file";
    return errno_text(code);
}

} // namespace detail

/// Creates a folder and the folders above it, and syncs them to disk, so that they still exist after a crash.
/// Other threads and processes may create the same folders at the same time. Throws Error if that fails.
inline void make_folder(const std::filesystem::path& folder) {
    const std::string expected = "a folder to write to";
    std::error_code code;
    if (std::filesystem::is_directory(folder, code)) return;
    if (code && code != std::errc::no_such_file_or_directory && code != std::errc::not_a_directory)
        throw Error(folder, code.message(), expected);
    const std::filesystem::path above = folder.has_parent_path() ? folder.parent_path() : ".";
    if (above != folder) make_folder(above);
    if (::mkdir(folder.c_str(), 0777) != 0) {
        const int error = errno;
        // It exists if the name ends with a slash ("a/" is in "a"), or if another process was faster.
        if (error != EEXIST) throw Error(folder, detail::errno_text(error), expected);
        if (!std::filesystem::is_directory(folder, code))
            throw Error(folder, detail::obstacle(folder), expected);
    }
    const detail::Descriptor parent(::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.number() < 0 || !detail::sync_folder(parent.number()))
        throw Error(above, detail::errno_text(errno) + " (in fsync)", expected);
}

/// Locks a folder for one process: as long as this object exists, every other attempt to lock the folder
/// throws Error. The system releases the lock when the process ends, even after a crash, and no lock file is
/// left behind. On file systems without locks it has no effect.
class FolderLock {
  public:
    /// Throws Error if there is no such folder, or if it is already locked.
    explicit FolderLock(const std::filesystem::path& folder)
        : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (folder_.number() < 0) throw Error(folder, detail::errno_text(errno), "a folder");
        while (::flock(folder_.number(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK)
                throw Error(folder, "another process that writes into it", "a folder for this one alone");
            if (errno != EINTR) return;
        }
    }

  private:
    detail::Descriptor folder_;
};

/// Removes the temporary files of write_atomically() that killed processes left in a folder. Those of other
/// live processes stay. Call it before this process writes to the folder: files with its own process ID are
/// removed as well.
inline void remove_leftovers(const std::filesystem::path& folder) {
    std::error_code ignored;
    for (std::filesystem::directory_iterator entry(folder, ignored), end; entry != end;
         entry.increment(ignored)) {
        const std::string name = entry->path().filename().string();
        const std::string_view start = detail::temporary_start;
        if (!name.starts_with(start) || !name.ends_with(detail::temporary_end)) continue;
        pid_t process = 0;
        std::from_chars(name.data() + start.size(), name.data() + name.size(), process);
        if (process <= 0) continue; // not a name from PendingFile
        if (process == ::getpid() || (::kill(process, 0) != 0 && errno == ESRCH))
            std::filesystem::remove(entry->path(), ignored);
    }
}

} // namespace ctgan::inline CTGAN_ABI::io
