#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>

namespace ctgan::inline CTGAN_ABI::detail {

/// A built-in array whose size is an int, as all sizes here are; written directly, `T values[size]` converts
/// it to unsigned, which -Wsign-conversion reports in the user's program.
template <class T, int Size>
using Array = T[static_cast<std::size_t>(Size)];

} // namespace ctgan::inline CTGAN_ABI::detail
