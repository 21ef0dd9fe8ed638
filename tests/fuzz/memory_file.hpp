#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace fuzz {

/// An assertion of a target: it is a finding if `holds` is false.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: assertion failed: %s\n", what);
    std::abort();
}

/// Prints once that an input was accepted. run.sh requires this line: a reader that refuses everything would
/// break no assertion.
inline void note_accepted() {
    [[maybe_unused]] static const int printed = std::fputs("fuzz: an input was accepted\n", stderr);
}

/// A regular file in memory with a path, for readers that take paths. Used for all inputs of a run, because
/// creating a file for each would take longer than most reads.
class MemoryFile {
  public:
    MemoryFile()
        : descriptor_(::memfd_create("input", MFD_CLOEXEC)),
          path_("/proc/self/fd/" + std::to_string(descriptor_)) {
        require(descriptor_ >= 0, "memfd_create succeeds");
    }

    const std::filesystem::path& path() const { return path_; }

    /// Replaces the whole content by these bytes.
    void put(std::span<const std::byte> content) {
        const auto size = static_cast<ssize_t>(content.size());
        // Truncate last: after truncating to 0 bytes first, the file would allocate its memory again each
        // time.
        const bool written = ::pwrite(descriptor_, content.data(), content.size(), 0) == size &&
                             ::ftruncate(descriptor_, size) == 0;
        require(written, "the input can be written to the file in memory");
    }

  private:
    int descriptor_;
    std::filesystem::path path_;
};

} // namespace fuzz
