#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/system_functions.hpp>

#if !CTGAN_WINDOWS

#    include <cerrno>
#    include <cstddef>
#    include <cstdint>
#    include <cstdio>
#    include <ctime>
#    include <fcntl.h>
#    include <filesystem>
#    include <optional>
#    include <span>
#    include <string_view>
#    include <sys/stat.h>
#    include <unistd.h>
#    if !defined(__wasi__)
#        include <csignal>
#        include <sys/file.h>
#    endif

/// The functions of system_functions.hpp on Linux, macOS and other POSIX systems. WASI (WebAssembly outside a
/// browser) has no processes, locks and permissions, so there these do nothing.
namespace ctgan::inline CTGAN_ABI::io::detail::system {

inline std::string_view kind_of_file(mode_t mode) {
    if (S_ISREG(mode)) return "a regular file";
    if (S_ISDIR(mode)) return "a directory";
    if (S_ISFIFO(mode)) return "a FIFO";
    if (S_ISCHR(mode)) return "a character device";
    if (S_ISBLK(mode)) return "a block device";
    if (S_ISSOCK(mode)) return "a socket";
    return "a special file";
}

inline Status status_from(const struct stat& status) {
#    ifdef __APPLE__
    const timespec changed = status.st_mtimespec;
#    else
    const timespec changed = status.st_mtim;
#    endif
    return {kind_of_file(status.st_mode),
            S_ISREG(status.st_mode),
            static_cast<std::uint64_t>(status.st_size),
            static_cast<std::uint16_t>(status.st_mode & 0777U),
            static_cast<std::int64_t>(changed.tv_sec),
            static_cast<std::int64_t>(changed.tv_nsec)};
}

inline std::optional<Status> status_of(int opened) {
    struct stat status {};
    if (::fstat(opened, &status) != 0) return std::nullopt;
    return status_from(status);
}

inline std::optional<Status> status_of(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return std::nullopt;
    return status_from(status);
}

inline int open_to_read(const std::filesystem::path& file) {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    return ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

inline int open_folder(const std::filesystem::path& folder) {
    return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

inline int create_file(const std::filesystem::path& file, std::optional<std::uint16_t> permissions) {
    constexpr mode_t as_umask_allows = 0666, for_the_owner = 0600;
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                              permissions ? for_the_owner : as_umask_allows);
#    if !defined(__wasi__)
    // Some file systems have no modes; on those this fails, and nothing is lost.
    if (opened >= 0 && permissions) ::fchmod(opened, *permissions);
#    endif
    return opened;
}

inline Lock lock_folder(const std::filesystem::path& folder, int& opened) {
    opened = open_folder(folder);
    if (opened < 0) return Lock::no_folder;
#    if !defined(__wasi__)
    while (::flock(opened, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return Lock::elsewhere;
        if (errno != EINTR) return Lock::unavailable;
    }
    return Lock::taken;
#    else
    return Lock::unavailable;
#    endif
}

inline bool close(int opened) { return ::close(opened) == 0; }

inline std::ptrdiff_t read(int file, std::span<std::byte> out) {
    return ::read(file, out.data(), out.size());
}

inline std::ptrdiff_t read_at(int file, std::span<std::byte> out, std::uint64_t offset) {
    return ::pread(file, out.data(), out.size(), static_cast<off_t>(offset));
}

inline std::ptrdiff_t write(int file, std::span<const std::byte> bytes) {
    return ::write(file, bytes.data(), bytes.size());
}

inline bool rewind(int file) { return ::lseek(file, 0, SEEK_SET) == 0; }

inline bool sync_file(int file) {
#    ifdef F_FULLFSYNC
    // On Apple's systems, fsync leaves the bytes in the drive's cache. Some file systems, such as those of a
    // network, cannot do more than fsync.
    if (::fcntl(file, F_FULLFSYNC) == 0) return true;
#    endif
    return ::fsync(file) == 0;
}

inline bool sync_folder(int folder) {
    // Some file systems cannot sync folders and fail with EINVAL; nothing more can be done on those.
    return sync_file(folder) || errno == EINVAL;
}

inline bool rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    return ::rename(from.c_str(), to.c_str()) == 0;
}

inline bool add_name(const std::filesystem::path& file, const std::filesystem::path& second) {
    return ::link(file.c_str(), second.c_str()) == 0;
}

inline bool remove(const std::filesystem::path& file) { return ::unlink(file.c_str()) == 0; }

inline bool create_folder(const std::filesystem::path& folder) { return ::mkdir(folder.c_str(), 0777) == 0; }

#    if !defined(__wasi__)
inline int process_id() { return ::getpid(); }
inline bool has_ended(int process) { return ::kill(process, 0) != 0 && errno == ESRCH; }
#    else
inline int process_id() { return 1; }
inline bool has_ended(int process) { return process != process_id(); }
#    endif

} // namespace ctgan::inline CTGAN_ABI::io::detail::system

#endif
