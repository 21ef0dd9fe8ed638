#pragma once

#include <ctgan/core/config.hpp>

#include <atomic>
#include <cstdint>

namespace ctgan::inline CTGAN_ABI::detail {

/// 1, 2, 3, ... within a process.
inline std::uint64_t new_network_id() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

} // namespace ctgan::inline CTGAN_ABI::detail
