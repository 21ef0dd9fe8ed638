#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef> // __GLIBC__

// Code of a shared library, with GNU's OpenMP, where dlopen needs no library of its own.
#if CTGAN_OPENMP && defined(__PIC__) && !defined(__PIE__) && defined(__GLIBC__) && !defined(__clang__)
#    if __GLIBC_PREREQ(2, 34)
#        define CTGAN_KEEPS_OPENMP 1
#    endif
#endif
#ifdef CTGAN_KEEPS_OPENMP
#    include <dlfcn.h>
#    include <omp.h>
#endif

namespace ctgan::inline CTGAN_ABI::cpu::detail {

/// Keeps OpenMP's library in memory when the shared library that this code is in is closed (dlclose). GNU's
/// would be unloaded with it, but its threads, which wait in it, would not end. (clang's stays by itself.)
inline void keep_openmp_loaded() {
#ifdef CTGAN_KEEPS_OPENMP
    Dl_info library;
    if (dladdr(reinterpret_cast<void*>(&omp_get_thread_num), &library) != 0)
        (void)dlopen(library.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE); // never closed
#endif
}

} // namespace ctgan::inline CTGAN_ABI::cpu::detail
