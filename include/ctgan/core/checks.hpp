#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/shape.hpp>

#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>

/// What is looked for with CTGAN_CHECKS.
namespace ctgan::inline CTGAN_ABI::detail {

/// When a view was created.
struct Stamp {
    const std::uint64_t* overwrites =
        nullptr;                  ///< how often the memory has been overwritten; null if nobody counts
    std::uint64_t created_at = 0; ///< that number when the view was created

    /// Throws std::logic_error if a later pass has overwritten the memory.
    void check() const {
        if (overwrites && *overwrites != created_at)
            fail_with<std::logic_error>(
                {"view: found values that a later pass of the same workspace has overwritten, "
                 "expected those of the last pass"});
    }
};

/// How often memory has been overwritten, for the views of it. It is on the heap, so that its address stays
/// the same when its owner is moved; a copy counts for itself.
class OverwriteCount {
#if CTGAN_CHECKS
  public:
    OverwriteCount() : count_(std::make_unique<std::uint64_t>(0)) {}
    OverwriteCount(const OverwriteCount&) : OverwriteCount() {}
    OverwriteCount(OverwriteCount&&) noexcept = default;
    OverwriteCount& operator=(const OverwriteCount&) {
        increment();
        return *this;
    }
    OverwriteCount& operator=(OverwriteCount&&) noexcept = default;

    /// All views so far become invalid.
    void increment() { ++*count_; }
    Stamp stamp() const { return {count_.get(), *count_}; }

  private:
    std::unique_ptr<std::uint64_t> count_;
#else
  public:
    void increment() {}
#endif
};

/// A hash of n values, to detect a change.
template <class T>
std::uint64_t hash_of(const T* values, Index n) {
    std::uint64_t hash = 14695981039346656037U; // FNV-1a, by words
    for (Index i = 0; i < n; ++i) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, values + i, sizeof(T));
        hash = (hash ^ bits) * 1099511628211U;
    }
    return hash;
}

} // namespace ctgan::inline CTGAN_ABI::detail
