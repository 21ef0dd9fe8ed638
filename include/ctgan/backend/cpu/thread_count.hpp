#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>

#include <stdexcept>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Throws std::invalid_argument if `threads` is below 1.
inline void require_thread_count(int threads) {
    if (threads < 1)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"threads: found ", threads, ", expected at least 1"});
}

} // namespace ctgan::inline CTGAN_ABI::cpu
