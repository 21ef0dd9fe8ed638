#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/shape.hpp>

#include <algorithm>
#include <cstddef>
#include <new>
#include <stdexcept>

namespace ctgan::cpu {

/// An owned block of numbers, zero at first, on a cache line's boundary.
template <class T>
class Memory {
  public:
    Memory() = default;
    explicit Memory(Index size) : size_(size) {
        if (size < 0) throw std::invalid_argument("memory: found a size below 0");
        if (size == 0) return;
        data_ = static_cast<T*>(::operator new(static_cast<std::size_t>(size) * sizeof(T), alignment));
        std::fill_n(data_, size, T{});
    }
    Memory(const Memory& other) : Memory(other.size_) { std::copy_n(other.data_, size_, data_); }
    Memory(Memory&& other) noexcept { swap(other); }
    Memory& operator=(Memory other) noexcept {
        swap(other);
        return *this;
    }
    ~Memory() { ::operator delete(data_, alignment); }

    T* data() { return data_; }
    const T* data() const { return data_; }
    Index size() const { return size_; }

  private:
    static constexpr std::align_val_t alignment{64};
    void swap(Memory& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }
    T* data_ = nullptr;
    Index size_ = 0;
};

/// Copies and fills.
struct MemoryVerbs {
    template <class T>
    using Memory = cpu::Memory<T>;

    template <class T>
    static void copy(const T* from, T* to, Index n) {
        if (from != to) std::copy_n(from, n, to);
    }
    template <class T>
    static void to_host(const T* from, T* to, Index n) {
        copy(from, to, n);
    }
    template <class T>
    static void from_host(const T* from, T* to, Index n) {
        copy(from, to, n);
    }
    template <class T>
    static void fill(T* y, Index n, T value) {
        std::fill_n(y, n, value);
    }
};

} // namespace ctgan::cpu
