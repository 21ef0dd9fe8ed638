#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

/// What the readers and writers of files need of the operating system, and the only functions of io that
/// differ between systems. Include system.hpp, which also has their definitions: those in system_posix.hpp or
/// system_windows.hpp. Open files and folders are
/// numbers on both, -1 if there is none. A function that fails leaves the cause in errno.
namespace ctgan::inline CTGAN_ABI::io::detail::system {

/// What the system says of a file.
struct Status {
    std::string_view kind;         ///< in words, for messages: "a regular file", "a directory"
    bool regular = false;          ///< whether it is a regular file
    std::uint64_t size = 0;        ///< in bytes
    std::uint16_t permissions = 0; ///< read, write and execute, for the owner, the group and others
    std::int64_t seconds = 0;      ///< time of the last change, from the system's own zero
    std::int64_t nanoseconds = 0;  ///< the part of it below a second
};

/// The result of lock_folder().
enum class Lock {
    taken,       ///< the caller has the lock
    elsewhere,   ///< another one has it
    unavailable, ///< the file system has no locks
    no_folder,   ///< the folder cannot be opened; the cause is in errno
};

/// The message for an errno value, as strerror gives it, but thread-safe.
inline std::string error_text(int code) { return std::generic_category().message(code); }

// ---- Opening. Children of the process do not inherit what is open.

/// Opens a file to read it. A directory can be opened as well, and is recognized by its status. Never blocks,
/// not even on a FIFO.
inline int open_to_read(const std::filesystem::path& file);

/// Opens a folder, for sync_folder().
inline int open_folder(const std::filesystem::path& folder);

/// Creates a file to write to, with the permissions that the system gives new files or, if `permissions` has
/// a value, with these; at no time more users than these can read it. Fails with EEXIST if there is one.
inline int create_file(const std::filesystem::path& file, std::optional<std::uint16_t> permissions);

/// Opens and locks a folder; `opened` is the number to close in order to release the lock. The system
/// releases it when the process ends, even after a crash.
inline Lock lock_folder(const std::filesystem::path& folder, int& opened);

/// Closes an open file or folder. After writing, a failure (false) means lost data.
inline bool close(int opened);

// ---- Reading and writing. Each call may move fewer bytes than it was given.

/// Reads at the current position. Returns the number of bytes, 0 at the end of the file, -1 on failure.
inline std::ptrdiff_t read(int file, std::span<std::byte> out);

/// Reads at `offset` without moving the current position. Returns the same.
inline std::ptrdiff_t read_at(int file, std::span<std::byte> out, std::uint64_t offset);

/// Writes at the current position. Returns the number of bytes, -1 on failure.
inline std::ptrdiff_t write(int file, std::span<const std::byte> bytes);

/// Moves the current position to the start of the file.
inline bool rewind(int file);

// ---- The disk.

/// Writes a file's bytes to the disk.
inline bool sync_file(int file);

/// Writes a folder's entries to the disk, as far as the system can.
inline bool sync_folder(int folder);

// ---- Names.

/// The status of an open file; no value on failure.
inline std::optional<Status> status_of(int opened);

/// The status of a file, of the target if it is a symbolic link; no value on failure.
inline std::optional<Status> status_of(const std::filesystem::path& file);

/// Renames a file in one step. A file that has the new name is replaced.
inline bool rename(const std::filesystem::path& from, const std::filesystem::path& to);

/// Gives a file a second name (a hard link). Fails on file systems without hard links.
inline bool add_name(const std::filesystem::path& file, const std::filesystem::path& second);

/// Removes a name of a file.
inline bool remove(const std::filesystem::path& file);

/// Creates a folder. Fails with EEXIST if there is one.
inline bool create_folder(const std::filesystem::path& folder);

// ---- Processes.

/// The number of this process; 1 on a system without processes.
inline int process_id();

/// Whether no process has this number.
inline bool has_ended(int process);

} // namespace ctgan::inline CTGAN_ABI::io::detail::system
