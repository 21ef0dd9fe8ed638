// Prints the number of threads, how many of them a loop uses, and the cores that each of these may run on,
// for environment.sh.

#include <ctgan/backend/cpu.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <sched.h>
#include <thread>

using namespace ctgan;

int main() {
    const int threads = cpu::threads();
    std::mutex mutex;
    std::map<std::thread::id, int> cores;
    const auto arrive = [&] {
        cpu_set_t set;
        sched_getaffinity(0, sizeof set, &set);
        const std::lock_guard lock(mutex);
        cores[std::this_thread::get_id()] = CPU_COUNT(&set);
        return static_cast<int>(cores.size());
    };
    // Each chunk waits a second for the other threads, so that none runs all chunks.
    std::atomic<bool> waited{false};
    cpu::parallel_for(64, [&](Index) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
        while (arrive() < threads && !waited && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        waited = true;
    });
    int most = 0;
    for (const auto& [thread, count] : cores) most = (std::max)(most, count);
    std::printf("%d threads, %d used, on up to %d cores each\n", threads, static_cast<int>(cores.size()),
                most);
}
