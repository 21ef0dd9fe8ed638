#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/system.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

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

/// Owns an open file or folder of system.hpp; -1 means none.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) system::close(number_);
    }
    int number() const { return number_; }

    /// Closes it now. Returns false if that fails, with the cause in errno: after writing, this means lost
    /// data.
    bool close() { return system::close(std::exchange(number_, -1)); }

  private:
    int number_;
};

} // namespace ctgan::inline CTGAN_ABI::io::detail
