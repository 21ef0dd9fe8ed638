#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#    include <sys/mman.h>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

namespace detail {

/// The owned memory of a Memory, without the type of its values: it is compiled once for all of them.
class Block {
  public:
    Block() = default;
    CTGAN_NOINLINE Block(Index size, std::size_t value_bytes) {
        if (size < 0) ctgan::detail::fail_with<std::invalid_argument>({"memory: found a size below 0"});
        if (size == 0) return;
        if (size > ((std::numeric_limits<Index>::max)() - Index{large}) / static_cast<Index>(value_bytes))
            ctgan::detail::fail(std::bad_alloc());
        const std::size_t bytes = static_cast<std::size_t>(size) * value_bytes;
        const std::size_t alignment = bytes < large ? line : large;
        allocated_ = std::calloc(bytes + alignment, 1);
        if (!allocated_) ctgan::detail::fail(std::bad_alloc());
        std::size_t space = bytes + alignment;
        void* begin = allocated_;
        begin_ = std::align(alignment, bytes, begin, space);
        if (alignment == large) ask_for_huge_pages(begin_, bytes);
    }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() { std::free(allocated_); }

    void* begin() const { return begin_; }
    void swap(Block& other) noexcept {
        std::swap(allocated_, other.allocated_);
        std::swap(begin_, other.begin_);
    }

  private:
    static constexpr std::size_t line = 64, large = std::size_t{1} << 21;

    static void ask_for_huge_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        madvise(begin, bytes / large * large, MADV_HUGEPAGE); // if refused, it only costs speed
#endif
    }
    void* allocated_ = nullptr;
    void* begin_ = nullptr; ///< within what is allocated, aligned
};

} // namespace detail

/// An owned block of values, zero at first and aligned to a cache line. The system provides a page of it when
/// it is first touched. A large block asks for huge pages: a training step walks through all of its arenas,
/// which would otherwise cost thousands of TLB misses.
template <class T>
class Memory {
    static_assert(std::is_trivially_copyable_v<T>); // the zero bytes of calloc are valid values

  public:
    /// An empty block.
    Memory() = default;
    /// `size` zeros. Throws std::invalid_argument if `size` is negative, std::bad_alloc if there is not
    /// enough memory.
    explicit Memory(Index size) : block_(size, sizeof(T)), size_(size) {}
    /// A block of its own with the same values.
    Memory(const Memory& other) : Memory(other.size_) { std::copy_n(other.data(), size_, data()); }
    /// Takes over the other's block, whose address stays the same.
    Memory(Memory&& other) noexcept { swap(other); }
    /// Releases its own block.
    Memory& operator=(Memory other) noexcept {
        swap(other);
        return *this;
    }

    /// The first value; null if the block is empty.
    T* data() { return static_cast<T*>(block_.begin()); }
    /// The same, read-only.
    const T* data() const { return static_cast<const T*>(block_.begin()); }
    /// The number of values.
    Index size() const { return size_; }

  private:
    void swap(Memory& other) noexcept {
        block_.swap(other.block_);
        std::swap(size_, other.size_);
    }
    detail::Block block_;
    Index size_ = 0;
};

/// Copying and filling.
struct MemoryOperations {
    /// A block of values in this backend's memory.
    template <class T>
    using Memory = cpu::Memory<T>;

    /// to = from, n values. The two are the same or do not overlap.
    template <class T>
    static void copy(T* to, const T* from, Index n) {
        if (from != to) std::copy_n(from, n, to);
    }
    /// From this backend's memory to the host's, which here is the same.
    template <class T>
    static void to_host(T* to, const T* from, Index n) {
        copy(to, from, n);
    }
    /// From the host's memory to this backend's.
    template <class T>
    static void from_host(T* to, const T* from, Index n) {
        copy(to, from, n);
    }
    /// y = value, n times.
    template <class T>
    static void fill(T* y, Index n, T value) {
        std::fill_n(y, n, value);
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
