#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/fail.hpp>
#include <ctgan/shape.hpp>

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

namespace ctgan::cpu {

/// An owned block of numbers, zero at first, on a cache line's boundary. The system gives a page of it when
/// it is first touched; a large block asks for large pages, as a training step walks through all of its
/// arenas and would otherwise miss thousands of translations of addresses.
template <class T>
class Memory {
    static_assert(std::is_trivially_copyable_v<T>); // zeros from calloc are all the construction there is

  public:
    /// No numbers.
    Memory() = default;
    /// So many zeros. Throws std::invalid_argument where that is below 0, std::bad_alloc where there is no
    /// room.
    explicit Memory(Index size) : size_(size) {
        if (size < 0) ctgan::detail::fail(std::invalid_argument("memory: found a size below 0"));
        if (size == 0) return;
        if (size > (std::numeric_limits<Index>::max() - Index{large}) / Index{sizeof(T)})
            ctgan::detail::fail(std::bad_alloc());
        const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(T);
        const std::size_t alignment = bytes < large ? line : large;
        block_ = std::calloc(bytes + alignment, 1);
        if (!block_) ctgan::detail::fail(std::bad_alloc());
        std::size_t room = bytes + alignment;
        void* begin = block_;
        data_ = static_cast<T*>(std::align(alignment, bytes, begin, room));
        if (alignment == large) ask_for_large_pages(data_, bytes);
    }
    /// A block of its own with the same numbers.
    Memory(const Memory& other) : Memory(other.size_) { std::copy_n(other.data_, size_, data_); }
    /// The other's block, whose address stays.
    Memory(Memory&& other) noexcept { swap(other); }
    /// Lets go of its own block.
    Memory& operator=(Memory other) noexcept {
        swap(other);
        return *this;
    }
    ~Memory() { std::free(block_); }

    /// The first number; null of none.
    T* data() { return data_; }
    /// The same, only to read.
    const T* data() const { return data_; }
    /// How many numbers.
    Index size() const { return size_; }

  private:
    static constexpr std::size_t line = 64, large = std::size_t{1} << 21;

    static void ask_for_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        madvise(begin, bytes / large * large, MADV_HUGEPAGE); // a refusal only costs speed
#endif
    }
    void swap(Memory& other) noexcept {
        std::swap(block_, other.block_);
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }
    void* block_ = nullptr;
    T* data_ = nullptr; ///< within the block
    Index size_ = 0;
};

/// Copies and fills.
struct MemoryVerbs {
    /// A block of numbers in this room.
    template <class T>
    using Memory = cpu::Memory<T>;

    /// n numbers; the two are the same or do not overlap.
    template <class T>
    static void copy(const T* from, T* to, Index n) {
        if (from != to) std::copy_n(from, n, to);
    }
    /// n numbers of this room to the host's memory, here the same.
    template <class T>
    static void to_host(const T* from, T* to, Index n) {
        copy(from, to, n);
    }
    /// n numbers of the host's memory to this room's.
    template <class T>
    static void from_host(const T* from, T* to, Index n) {
        copy(from, to, n);
    }
    /// n times the same number.
    template <class T>
    static void fill(T* y, Index n, T value) {
        std::fill_n(y, n, value);
    }
};

} // namespace ctgan::cpu
