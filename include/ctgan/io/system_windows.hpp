#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/system_functions.hpp>

#if CTGAN_WINDOWS

#    ifndef NOMINMAX
#        define NOMINMAX
#    endif
#    ifndef WIN32_LEAN_AND_MEAN
#        define WIN32_LEAN_AND_MEAN
#    endif
#    include <algorithm>
#    include <cerrno>
#    include <cstddef>
#    include <cstdint>
#    include <fcntl.h>
#    include <filesystem>
#    include <io.h>
#    include <optional>
#    include <span>
#    include <string_view>
#    include <windows.h> // nowhere else

/// The functions of system_functions.hpp on Windows. Files are opened by its own functions, because those of
/// the C library do not allow that another program renames or removes an open file.
namespace ctgan::inline CTGAN_ABI::io::detail::system {

/// Sets errno from the cause of the last failure, so that messages are the same on all systems. Returns
/// false, for `return set_errno();`.
inline bool set_errno() {
    switch (::GetLastError()) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME:
        errno = ENOENT;
        break;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION: // another program has opened the file and does not share it
    case ERROR_LOCK_VIOLATION:
        errno = EACCES;
        break;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        errno = EEXIST;
        break;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
        errno = ENOSPC;
        break;
    case ERROR_DIRECTORY:
        errno = ENOTDIR;
        break;
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_BUFFER_OVERFLOW:
        errno = ENAMETOOLONG;
        break;
    case ERROR_WRITE_PROTECT:
        errno = EROFS;
        break;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
        errno = ENOMEM;
        break;
    case ERROR_TOO_MANY_OPEN_FILES:
        errno = EMFILE;
        break;
    case ERROR_INVALID_HANDLE:
        errno = EBADF;
        break;
    case ERROR_INVALID_FUNCTION: // the file system does not have it
    case ERROR_NOT_SUPPORTED:
        errno = ENOTSUP;
        break;
    default:
        errno = EIO;
    }
    return false;
}

inline HANDLE handle_of(int opened) { return reinterpret_cast<HANDLE>(::_get_osfhandle(opened)); }

/// The number for a handle, which it then owns.
inline int number_of(HANDLE handle, int flags) {
    if (handle == INVALID_HANDLE_VALUE) {
        set_errno();
        return -1;
    }
    const int number =
        ::_open_osfhandle(reinterpret_cast<std::intptr_t>(handle), flags | _O_BINARY | _O_NOINHERIT);
    if (number < 0) ::CloseHandle(handle);
    return number;
}

inline constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

inline std::optional<Status> status_of(int opened) {
    const HANDLE handle = handle_of(opened);
    const DWORD type = ::GetFileType(handle);
    if (type == FILE_TYPE_CHAR) return Status{"a character device"};
    if (type == FILE_TYPE_PIPE) return Status{"a FIFO"};
    BY_HANDLE_FILE_INFORMATION found{};
    if (!::GetFileInformationByHandle(handle, &found)) {
        set_errno();
        return std::nullopt;
    }
    const auto joined = [](DWORD upper, DWORD lower) { return std::uint64_t{upper} << 32 | lower; };
    constexpr std::uint64_t ticks = 10'000'000; // in a second
    const std::uint64_t changed =
        joined(found.ftLastWriteTime.dwHighDateTime, found.ftLastWriteTime.dwLowDateTime);
    const bool folder = (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    return Status{
        folder ? "a directory" : "a regular file",       !folder,
        joined(found.nFileSizeHigh, found.nFileSizeLow), 0,
        static_cast<std::int64_t>(changed / ticks),      static_cast<std::int64_t>(changed % ticks * 100)};
}

inline int open_to_read(const std::filesystem::path& file) {
    // FILE_FLAG_BACKUP_SEMANTICS is needed for folders and changes nothing for files.
    return number_of(::CreateFileW(file.c_str(), GENERIC_READ, share_all, nullptr, OPEN_EXISTING,
                                   FILE_FLAG_BACKUP_SEMANTICS, nullptr),
                     _O_RDONLY);
}

inline int open_folder(const std::filesystem::path& folder) {
    const int opened = open_to_read(folder);
    if (opened < 0) return opened;
    const std::optional<Status> status = status_of(opened);
    if (status && status->kind == "a directory") return opened;
    ::_close(opened);
    if (status) errno = ENOTDIR;
    return -1;
}

inline std::optional<Status> status_of(const std::filesystem::path& file) {
    // No access is asked for, so that this succeeds if another program keeps the file to itself.
    const HANDLE handle = ::CreateFileW(file.c_str(), FILE_READ_ATTRIBUTES, share_all, nullptr, OPEN_EXISTING,
                                        FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    const int opened = number_of(handle, _O_RDONLY);
    if (opened < 0) return std::nullopt;
    std::optional<Status> status = status_of(opened);
    ::_close(opened);
    return status;
}

inline int create_file(const std::filesystem::path& file, std::optional<std::uint16_t> /*permissions*/) {
    // Access lists come from the folder. A file of 600 has none of its own on Windows.
    return number_of(::CreateFileW(file.c_str(), GENERIC_WRITE, share_all, nullptr, CREATE_NEW,
                                   FILE_ATTRIBUTE_NORMAL, nullptr),
                     _O_WRONLY);
}

inline Lock lock_folder(const std::filesystem::path& folder, int& opened) {
    opened = open_folder(folder);
    if (opened < 0) return Lock::no_folder;
    ::_close(opened);
    // Folders cannot be locked. A file that is shared with nobody does the same; the system removes it when
    // it is closed, also after a crash.
    opened = number_of(::CreateFileW((folder / ".ctgan.lock").c_str(), GENERIC_WRITE | DELETE, 0, nullptr,
                                     OPEN_ALWAYS, FILE_ATTRIBUTE_HIDDEN | FILE_FLAG_DELETE_ON_CLOSE, nullptr),
                       _O_WRONLY);
    if (opened >= 0) return Lock::taken;
    return ::GetLastError() == ERROR_SHARING_VIOLATION ? Lock::elsewhere : Lock::unavailable;
}

inline bool close(int opened) { return ::_close(opened) == 0; }

/// As many of `bytes` as one call takes.
inline DWORD in_one_call(std::size_t bytes) {
    return static_cast<DWORD>((std::min)(bytes, std::size_t{1} << 30));
}

inline std::ptrdiff_t read(int file, std::span<std::byte> out) {
    DWORD got = 0;
    if (::ReadFile(handle_of(file), out.data(), in_one_call(out.size()), &got, nullptr)) return got;
    if (::GetLastError() == ERROR_HANDLE_EOF) return 0;
    set_errno();
    return -1;
}

inline std::ptrdiff_t read_at(int file, std::span<std::byte> out, std::uint64_t offset) {
    // Unlike pread, ReadFile moves the position even if it is given an offset.
    const std::int64_t position = ::_lseeki64(file, 0, SEEK_CUR);
    if (position < 0 || ::_lseeki64(file, static_cast<std::int64_t>(offset), SEEK_SET) < 0) return -1;
    const std::ptrdiff_t got = read(file, out);
    return ::_lseeki64(file, position, SEEK_SET) < 0 ? -1 : got;
}

inline std::ptrdiff_t write(int file, std::span<const std::byte> bytes) {
    DWORD written = 0;
    if (::WriteFile(handle_of(file), bytes.data(), in_one_call(bytes.size()), &written, nullptr))
        return written;
    set_errno();
    return -1;
}

inline bool rewind(int file) { return ::_lseeki64(file, 0, SEEK_SET) == 0; }

inline bool sync_file(int file) { return ::FlushFileBuffers(handle_of(file)) || set_errno(); }

// A program without the rights of an administrator cannot sync a folder. rename() waits for the disk instead.
inline bool sync_folder(int /*folder*/) { return true; }

inline bool rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    return ::MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) ||
           set_errno();
}

inline bool add_name(const std::filesystem::path& file, const std::filesystem::path& second) {
    return ::CreateHardLinkW(second.c_str(), file.c_str(), nullptr) || set_errno();
}

inline bool remove(const std::filesystem::path& file) { return ::DeleteFileW(file.c_str()) || set_errno(); }

inline bool create_folder(const std::filesystem::path& folder) {
    return ::CreateDirectoryW(folder.c_str(), nullptr) || set_errno();
}

inline int process_id() { return static_cast<int>(::GetCurrentProcessId()); }

inline bool has_ended(int process) {
    const HANDLE handle = ::OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(process));
    if (!handle) return ::GetLastError() == ERROR_INVALID_PARAMETER;
    const bool ended = ::WaitForSingleObject(handle, 0) == WAIT_OBJECT_0;
    ::CloseHandle(handle);
    return ended;
}

} // namespace ctgan::inline CTGAN_ABI::io::detail::system

#endif
