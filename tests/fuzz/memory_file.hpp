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

/// What a target asserts: a false `holds` is a finding.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: not so: %s\n", what);
    std::abort();
}

/// Says once that an input was accepted. run.sh wants to read so: a reader that refuses all would break no
/// assertion.
inline void note_accepted() {
    [[maybe_unused]] static const int said = std::fputs("fuzz: an input was accepted\n", stderr);
}

/// A regular file in memory with a path, for readers that take paths. One serves all inputs of a run: to
/// create a file for each would take longer than most readers do.
class MemoryFile {
  public:
    MemoryFile()
        : descriptor_(::memfd_create("input", MFD_CLOEXEC)),
          path_("/proc/self/fd/" + std::to_string(descriptor_)) {
        require(descriptor_ >= 0, "memfd_create gives a file");
    }

    const std::filesystem::path& path() const { return path_; }

    /// Makes these bytes the whole content.
    void put(std::span<const std::byte> content) {
        const auto size = static_cast<ssize_t>(content.size());
        // Cut last: a file cut to nothing first would be given new memory each time.
        const bool written = ::pwrite(descriptor_, content.data(), content.size(), 0) == size &&
                             ::ftruncate(descriptor_, size) == 0;
        require(written, "the file in memory takes the input");
    }

  private:
    int descriptor_;
    std::filesystem::path path_;
};

} // namespace fuzz
