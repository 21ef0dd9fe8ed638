#pragma once

#include <ctgan/backend/cpu.hpp>

#ifdef _OPENMP
#    include <omp.h>
#endif

/// Sets the number of threads of the backends on the host until the end of the scope: the CPU backend, and
/// the CUDA backend if its algorithms run on OpenMP's threads.
class WithThreads {
  public:
    explicit WithThreads(int threads) : before_(ctgan::cpu::threads()) {
        ctgan::cpu::set_threads(threads);
#ifdef _OPENMP
        openmp_before_ = omp_get_max_threads();
        omp_set_num_threads(threads);
#endif
    }
    WithThreads(const WithThreads&) = delete;
    WithThreads& operator=(const WithThreads&) = delete;
    ~WithThreads() {
        ctgan::cpu::set_threads(before_);
#ifdef _OPENMP
        omp_set_num_threads(openmp_before_);
#endif
    }

  private:
    int before_;
#ifdef _OPENMP
    int openmp_before_ = 0;
#endif
};
