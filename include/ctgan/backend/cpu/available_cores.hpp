#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>

#if defined(__linux__)
#    include <sched.h>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

namespace detail {

#if defined(__linux__)

/// The cores that the calling thread may run on (taskset, the binding of mpirun), or 0 if that is not known.
inline int cores_of_affinity() {
    for (int cores = CPU_SETSIZE; cores <= 64 * CPU_SETSIZE; cores *= 2) {
        cpu_set_t* const set = CPU_ALLOC(static_cast<std::size_t>(cores));
        if (!set) return 0;
        const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(cores));
        const bool known = sched_getaffinity(0, size, set) == 0;
        const int count = known ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (known) return count;
    }
    return 0;
}

// C's strings and files here: std::string and streams would take a tenth of a second to compile in each
// program.

/// Reads up to two numbers from the file `name` in mount/group. Returns how many there are: none where a
/// word, such as "max", is in their place.
inline int read_numbers(const char* mount, const char* group, const char* name, long long& first,
                        long long& second) {
    char path[5000];
    if (std::snprintf(path, sizeof path, "%s%s/%s", mount, group, name) >= static_cast<int>(sizeof path))
        return 0;
    std::FILE* const file = std::fopen(path, "re");
    if (!file) return 0;
    const int count = std::fscanf(file, "%lld %lld", &first, &second);
    std::fclose(file);
    return (std::max)(0, count);
}

/// Whole cores in a quota of processor time, at least one and at most `most`.
inline int cores_of_quota(long long quota, long long period, int most) {
    if (quota <= 0 || period <= 0) return most;
    const long long cores = quota / period;
    return cores < 1 ? 1 : cores < most ? static_cast<int>(cores) : most;
}

/// The cores that a quota of a control group leaves, of `most`.
inline int cores_of_group(const char* mount, const char* group, bool second_version, int most) {
    long long quota = 0, period = 0, unused = 0;
    if (second_version)
        return read_numbers(mount, group, "cpu.max", quota, period) == 2 ? cores_of_quota(quota, period, most)
                                                                         : most;
    char cpu[4200];
    std::snprintf(cpu, sizeof cpu, "/cpu%s", group);
    const bool known = read_numbers(mount, cpu, "cpu.cfs_quota_us", quota, unused) == 1 &&
                       read_numbers(mount, cpu, "cpu.cfs_period_us", period, unused) == 1;
    return known ? cores_of_quota(quota, period, most) : most;
}

/// The same of all control groups of the process: a quota of a group holds for all groups within it. `mount`
/// is where control groups are mounted, `list` the file that names the groups of the process.
inline int cores_of_control_groups(int most, const char* mount = "/sys/fs/cgroup",
                                   const char* list = "/proc/self/cgroup") {
    std::FILE* const file = std::fopen(list, "re");
    if (!file) return most;
    char line[4096];
    while (std::fgets(line, sizeof line, file)) { // number:controllers:/group
        line[std::strcspn(line, "\n")] = '\0';
        char* const controllers = std::strchr(line, ':');
        char* const colon = controllers ? std::strchr(controllers + 1, ':') : nullptr;
        if (!colon) continue;
        *controllers = *colon = ','; // ",cpu,cpuacct,/group"
        char* const group = colon + 1;
        const bool second_version = colon == controllers + 1;
        const char* const cpu = std::strstr(controllers, ",cpu,");
        if (!second_version && (!cpu || cpu >= colon)) continue;
        for (char* end = group + std::strlen(group); end; end = std::strrchr(group, '/')) {
            *end = '\0';
            most = cores_of_group(mount, group, second_version, most);
        }
    }
    std::fclose(file);
    return most;
}

#endif

} // namespace detail

/// `cores`, as far as the quotas of the process's control groups (cgroup v1 and v2, whole cores) allow, at
/// least one.
inline int cores_within_quotas(int cores) {
#if defined(__linux__)
    return detail::cores_of_control_groups(cores);
#else
    return cores;
#endif
}

/// How many cores this process may use: those of its affinity mask, within the quotas. Systems other than
/// Linux tell the cores of the machine.
inline int available_cores() {
    int cores = static_cast<int>((std::max)(1U, std::thread::hardware_concurrency()));
#if defined(__linux__)
    if (const int allowed = detail::cores_of_affinity(); allowed > 0) cores = allowed;
#endif
    return cores_within_quotas(cores);
}

/// The number of threads that the environment variable CTGAN_NUM_THREADS asks for, or `otherwise` if it is
/// not set or empty. Throws std::invalid_argument if it is not a number from 1 to 65536.
inline int threads_of_environment(int otherwise) {
    const char* const text = std::getenv("CTGAN_NUM_THREADS"); // NOLINT(concurrency-mt-unsafe): read once
    if (!text || !*text) return otherwise;
    char* end = nullptr;
    const long number = std::strtol(text, &end, 10);
    constexpr long most = 65536;
    if (*end || number < 1 || number > most)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"CTGAN_NUM_THREADS: found '", text, "', expected a number from 1 to ", most});
    return static_cast<int>(number);
}

} // namespace ctgan::inline CTGAN_ABI::cpu
