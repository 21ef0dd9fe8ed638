#pragma once

#include <ctgan/core/config.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <type_traits>
#include <unistd.h>
#include <utility>

/// What the readers and writers of files need of POSIX.
namespace ctgan::inline CTGAN_ABI::io::detail {

/// A number of bytes of a file as a size in memory, which holds it because the file is not larger. A
/// template, because compilers warn of a cast between equal types in any other function.
template <class Size = std::size_t>
constexpr Size size_in_memory(std::uint64_t bytes) {
    if constexpr (std::is_same_v<Size, std::uint64_t>)
        return bytes;
    else
        return static_cast<Size>(bytes);
}

/// The message for an errno value, as strerror gives it, but thread-safe.
inline std::string errno_text(int code) { return std::generic_category().message(code); }

/// The kind of a file in words, for messages about paths that are not regular files.
inline std::string kind_of_file(mode_t mode) {
    if (S_ISREG(mode)) return "a regular file";
    if (S_ISDIR(mode)) return "a directory";
    if (S_ISFIFO(mode)) return "a FIFO";
    if (S_ISCHR(mode)) return "a character device";
    if (S_ISBLK(mode)) return "a block device";
    if (S_ISSOCK(mode)) return "a socket";
    return "a special file";
}

/// Writes a file's bytes to the disk. Returns false if that fails, with the cause in errno.
inline bool sync_file(int descriptor) {
#ifdef F_FULLFSYNC
    // On Apple's systems, fsync leaves the bytes in the drive's cache. Some file systems, such as those of a
    // network, cannot do more than fsync.
    if (::fcntl(descriptor, F_FULLFSYNC) == 0) return true;
#endif
    return ::fsync(descriptor) == 0;
}

/// The same for a folder. Some file systems cannot sync folders and fail with EINVAL; nothing more can be
/// done on those.
inline bool sync_folder(int descriptor) { return sync_file(descriptor) || errno == EINVAL; }

/// When a file was last written to.
inline timespec time_of_change(const struct stat& status) {
#ifdef __APPLE__
    return status.st_mtimespec;
#else
    return status.st_mtim;
#endif
}

/// Owns an open file descriptor; -1 means none.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }

    /// Closes the descriptor now and returns the result of close(): after writing, a failed close means lost
    /// data.
    int close() { return ::close(std::exchange(number_, -1)); }

  private:
    int number_;
};

} // namespace ctgan::inline CTGAN_ABI::io::detail
