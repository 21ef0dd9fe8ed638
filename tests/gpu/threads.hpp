#pragma once

#include "expect.hpp"
#include <cstring>
#include <string>
#include <vector>
#ifdef _OPENMP
#    include <omp.h>
#endif

namespace gpu_tests {

/// Whether two vectors have the same values, bit for bit.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// Checks that a result is the same in each run and, on the host's threads, for each number of them.
template <class F>
void expect_same_bits(const F& f, const std::string& what) {
#ifdef _OPENMP
    const int all = omp_get_max_threads();
#endif
    const auto first = f();
    bool same = true;
    for (int threads = 1; threads <= 5; ++threads) {
#ifdef _OPENMP
        omp_set_num_threads(threads);
#endif
        same = same && same_bits(first, f());
    }
#ifdef _OPENMP
    omp_set_num_threads(all);
#endif
    expect::that(same, what + ": the same bits in each run");
}

} // namespace gpu_tests
