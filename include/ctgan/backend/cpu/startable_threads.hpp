#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace ctgan::inline CTGAN_ABI::cpu {

/// How many threads the system lets the process have, up to `wanted`, with the calling one. Starts them to
/// find out, and ends them: some ten microseconds each. OpenMP's libraries, which end the process if they
/// cannot start a thread, are then asked for no more.
///
/// It finds too few if OpenMP's threads exist already and take a part of what the system allows, and too many
/// if those to come need more memory than these (OMP_STACKSIZE). Without exceptions the process ends here.
inline int startable_threads(int wanted) {
    std::vector<std::thread> started;
    std::mutex all_started;
    {
        const std::lock_guard hold(all_started); // until then none of them ends
        CTGAN_TRY {
            started.reserve(static_cast<std::size_t>(wanted - 1));
            while (static_cast<int>(started.size()) < wanted - 1)
                started.emplace_back([&] { const std::lock_guard wait(all_started); });
        }
        CTGAN_CATCH(std::exception) { // no more threads, or no memory
        }
    }
    const int count = 1 + static_cast<int>(started.size());
    for (std::thread& thread : started) thread.join();
    return count;
}

} // namespace ctgan::inline CTGAN_ABI::cpu
