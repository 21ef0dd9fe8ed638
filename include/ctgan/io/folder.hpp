#pragma once

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

namespace ctgan::io {

/// Makes a folder and those above it, and sees to it that a crash does not take them away again. Throws
/// Error.
inline void make_folder(const std::filesystem::path& folder) {
    const std::string expected = "a folder to write to";
    std::error_code code;
    if (std::filesystem::is_directory(folder, code)) return;
    if (code && code != std::errc::no_such_file_or_directory && code != std::errc::not_a_directory)
        throw Error(folder, code.message(), expected);
    const std::filesystem::path above = folder.has_parent_path() ? folder.parent_path() : ".";
    if (above != folder) make_folder(above);
    if (::mkdir(folder.c_str(), 0777) != 0) throw Error(folder, detail::errno_text(errno), expected);
    const detail::Descriptor parent(::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync folders and say EINVAL.
    if (parent.number() < 0 || (::fsync(parent.number()) != 0 && errno != EINVAL))
        throw Error(above, detail::errno_text(errno) + " (in fsync)", expected);
}

/// Keeps a folder for one process: as long as this lives, another one's attempt throws. The system lets go of
/// it when the process ends, however it ends, and nothing is left behind. Where the file system knows no
/// locks there is none.
class FolderLock {
  public:
    /// Throws Error where there is no such folder, or another process has it.
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

/// Removes what processes that were killed left of files under way (write_atomically) in a folder. Another
/// live process's stay; this one must not have begun to write.
inline void remove_leftovers(const std::filesystem::path& folder) {
    std::error_code ignored;
    for (std::filesystem::directory_iterator entry(folder, ignored), end; entry != end;
         entry.increment(ignored)) {
        const std::string name = entry->path().filename().string();
        const std::string_view start = detail::temporary_start;
        if (!name.starts_with(start) || !name.ends_with(detail::temporary_end)) continue;
        pid_t process = 0;
        std::from_chars(name.data() + start.size(), name.data() + name.size(), process);
        if (process <= 0) continue; // somebody else's
        if (process == ::getpid() || (::kill(process, 0) != 0 && errno == ESRCH))
            std::filesystem::remove(entry->path(), ignored);
    }
}

} // namespace ctgan::io
