#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/io/descriptor.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/system.hpp>
#include <ctgan/io/system_paths.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace ctgan::inline CTGAN_ABI::io {

/// A regular file opened for reading. Anything else (directory, FIFO, device, socket) is rejected before a
/// byte of it is read. Opening never blocks.
class InputFile {
  public:
    /// `expected` says in messages what the caller expects, such as "an IDX file of images". Throws Error if
    /// the file cannot be opened or is not a regular file.
    InputFile(std::filesystem::path path, std::string expected)
        : path_(std::move(path)),
          expected_(std::move(expected)),
          descriptor_(detail::system::open_to_read(path_)) {
        std::optional<detail::system::Status> status;
        if (descriptor_.number() >= 0) status = detail::system::status_of(descriptor_.number());
        if (!status) throw Error(path_, detail::system::error_text(errno), expected_);
        if (!status->regular) throw Error(path_, status->kind, expected_);
        status_ = *status;
    }

    /// The path passed to the constructor.
    const std::filesystem::path& path() const { return path_; }

    /// The size in bytes at the time when the file was opened.
    std::uint64_t size() const { return status_.size; }

    /// Reads the next bytes, starting where the last read() ended. Returns how many: fewer than `out` holds
    /// only at the end of the file. Throws Error if reading fails.
    std::size_t read(std::span<std::byte> out) {
        std::size_t filled = 0;
        while (filled < out.size()) {
            const std::ptrdiff_t got = detail::system::read(descriptor_.number(), out.subspan(filled));
            if (got == 0) break;
            if (got > 0)
                filled += static_cast<std::size_t>(got);
            else if (errno != EINTR)
                throw Error(path_, position_ + filled, detail::system::error_text(errno), expected_);
        }
        position_ += filled;
        return filled;
    }

    /// Fills `out`. If the file ends too early, throws an Error that gives the offset of its end.
    void read_exactly(std::span<std::byte> out) {
        const std::uint64_t wanted_end = position_ + out.size();
        if (read(out) != out.size())
            throw Error(path_, position_, "the end of the file", counted(wanted_end, "byte"));
    }

    /// Continues at the start of the file. Throws Error if that fails.
    void rewind() {
        if (!detail::system::rewind(descriptor_.number()))
            throw Error(path_, detail::system::error_text(errno), expected_);
        position_ = 0;
    }

    /// Fills `out` with the first bytes of the file without moving the read position. Returns how many bytes
    /// it got: fewer than `out` holds if the file is shorter, 0 if it cannot be read.
    std::size_t peek_start(std::span<std::byte> out) const {
        return static_cast<std::size_t>(
            std::max<std::ptrdiff_t>(0, detail::system::read_at(descriptor_.number(), out, 0)));
    }

    /// Fills `out` with the last bytes of the file without moving the read position. Returns false if the
    /// file is shorter than `out` or cannot be read.
    bool peek_end(std::span<std::byte> out) const {
        if (size() < out.size()) return false;
        return detail::system::read_at(descriptor_.number(), out, size() - out.size()) ==
               static_cast<std::ptrdiff_t>(out.size());
    }

    /// Throws Error if the file was written to or resized after it was opened, so that a mixture of old and
    /// new content is never used.
    void require_unchanged() const {
        const auto now = detail::system::status_of(descriptor_.number());
        const bool same = now && now->size == status_.size && now->seconds == status_.seconds &&
                          now->nanoseconds == status_.nanoseconds;
        if (!same) throw Error(path_, "a file that changed while it was read", "one that stays as it is");
    }

  private:
    std::filesystem::path path_;
    std::string expected_;
    detail::Descriptor descriptor_;
    detail::system::Status status_;
    std::uint64_t position_ = 0;
};

namespace detail {

/// The name of a temporary file is temporary_start, the process ID, "-", a number, temporary_end. It is short
/// and does not contain the target's name, because a name made from the target's could exceed the limit on
/// file names.
inline constexpr std::string_view temporary_start = ".ctgan-", temporary_end = ".tmp";

/// A file that is being written: a temporary file in the target's folder. publish() renames it to the target;
/// if it is not published, the destructor removes it.
class PendingFile {
  public:
    PendingFile(const std::filesystem::path& target, std::uint64_t bytes_wanted)
        : shown_target_(target), target_(target), bytes_wanted_(bytes_wanted), folder_(-1), file_(-1) {
        if (const auto status = system::status_of(target_)) {
            // If the program runs as root, a rename would replace even /dev/null by a regular file.
            if (!status->regular) throw Error(target, status->kind, "a regular file, or a name that is free");
            old_permissions_ = status->permissions;
            // Replace the target of a symbolic link, not the link itself.
            std::error_code ignored;
            const std::filesystem::path real = paths::canonical(target_, ignored);
            if (!ignored) target_ = real;
        }
        std::filesystem::path folder = target_.parent_path();
        if (folder.empty()) folder = std::filesystem::path(".");
        folder_ = Descriptor(system::open_folder(folder));
        if (folder_.number() < 0) fail("opening its folder");
        create_in(folder);
    }
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile() {
        if (temporary_.empty()) return;
        file_ = Descriptor(-1); // Windows removes no open file
        system::remove(temporary_);
    }

    void write(std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const std::ptrdiff_t done = system::write(file_.number(), bytes);
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) fail(ctgan::detail::joined({"after ", counted(bytes_written_, "byte")}));
            bytes_written_ += static_cast<std::uint64_t>(done);
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        }
    }

    /// Syncs the bytes to disk, renames the temporary file to the target and syncs the folder: after a crash
    /// the target is the old file or the new one, never a part of one.
    void publish() {
        end_writing();
        replace_target();
    }
    /// The same; if `name_of_old` is not empty, the old file is kept under that name in the same folder.
    void publish(const std::filesystem::path& name_of_old) {
        end_writing();
        if (!name_of_old.empty()) keep_old(target_.parent_path() / name_of_old);
        replace_target();
    }

  private:
    void end_writing() {
        if (!system::sync_file(file_.number())) fail("in fsync");
        if (!file_.close()) fail("in close");
    }
    void replace_target() {
        if (!system::rename(temporary_, target_)) fail("in rename");
        temporary_.clear();
        if (!system::sync_folder(folder_.number())) fail("in fsync of its folder");
    }

    /// Keeps the old file under `name`. It adds a second name (a hard link) and renames that: so the old file
    /// is never without a name, and a file that was called `name` is replaced in a single step. On file
    /// systems without hard links, it renames the old file instead.
    void keep_old(const std::filesystem::path& name) {
        const std::filesystem::path second = target_.parent_path() / next_temporary_name();
        if (!system::add_name(target_, second)) {
            const bool kept = errno == ENOENT || system::rename(target_, name);
            if (!kept) fail("in rename of the old file");
            return;
        }
        const bool renamed = system::rename(second, name);
        const int code = errno;
        system::remove(second); // rename leaves both names in place if they are of the same file
        errno = code;
        if (!renamed) fail("in rename of the old file");
    }

    static std::string next_temporary_name() {
        static std::atomic<unsigned> serial{0};
        return ctgan::detail::joined({temporary_start, system::process_id(), "-", serial++, temporary_end});
    }

    void create_in(const std::filesystem::path& folder) {
        constexpr int attempts = 100;
        for (int attempt = 0; attempt < attempts; ++attempt) {
            temporary_ = folder / next_temporary_name();
            // A file that replaces another one gets the permissions of that one, and can at no time be read
            // by more users than that one.
            file_ = Descriptor(system::create_file(temporary_, old_permissions_));
            if (file_.number() >= 0) return;
            if (errno != EEXIST) break;
        }
        temporary_.clear();
        fail("creating a file in its folder");
    }

    [[noreturn]] CTGAN_COLD void fail(std::string_view when) const {
        const int code = errno;
        throw Error(shown_target_, ctgan::detail::joined({system::error_text(code), " (", when, ")"}),
                    ctgan::detail::joined({"to write ", counted(bytes_wanted_, "byte")}));
    }

    std::filesystem::path shown_target_;
    std::filesystem::path target_;
    std::filesystem::path temporary_;
    std::optional<std::uint16_t> old_permissions_; ///< those of the file to be replaced, if there is one
    std::uint64_t bytes_wanted_;
    std::uint64_t bytes_written_ = 0;
    Descriptor folder_;
    Descriptor file_;
};

} // namespace detail

/// Writes the parts one after the other to the file `path`, all or nothing: after a failure, or a crash at
/// any moment, `path` is the old file or the complete new one. When the call returns, the file is on disk. It
/// has the permissions of the file that it replaces; a new file has those that the umask leaves.
/// Throws Error with the path, the cause and the number of bytes to write. (A program that runs under a file
/// size limit must ignore SIGXFSZ.)
inline void write_atomically(const std::filesystem::path& path,
                             std::span<const std::span<const std::byte>> parts) {
    std::uint64_t wanted = 0;
    for (const auto& part : parts) wanted += part.size();
    detail::PendingFile file(path, wanted);
    for (const auto& part : parts) file.write(part);
    file.publish();
}

/// The same for contiguous bytes.
inline void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    write_atomically(path, std::span<const std::span<const std::byte>>(&bytes, 1));
}

/// The same for text, which is written as it is.
inline void write_atomically(const std::filesystem::path& path, std::string_view text) {
    write_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

} // namespace ctgan::inline CTGAN_ABI::io
