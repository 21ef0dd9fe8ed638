#pragma once

#include <atomic>
#include <cstddef>

/// Counts every call of operator new and malloc in a program. Include it in one file of the program.

// The sanitizers replace malloc themselves, which would bypass the counting one.
#if defined(__SANITIZE_ADDRESS__)
#    define CTGAN_COUNT_ALLOCATIONS 0
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#        define CTGAN_COUNT_ALLOCATIONS 0
#    endif
#endif
#if !defined(CTGAN_COUNT_ALLOCATIONS) && defined(__GLIBC__)
#    define CTGAN_COUNT_ALLOCATIONS 1
#elif !defined(CTGAN_COUNT_ALLOCATIONS)
#    define CTGAN_COUNT_ALLOCATIONS 0
#endif

#if CTGAN_COUNT_ALLOCATIONS

namespace count_allocations {
inline std::atomic<bool> counting{false};
inline std::atomic<long> allocations{0};
inline void count() noexcept {
    if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1, std::memory_order_relaxed);
}
} // namespace count_allocations

// malloc and the related functions of the program replace glibc's for all of its libraries, also for operator
// new and the threads' runtime. glibc's own functions are still available under these names.
extern "C" {
void* __libc_malloc(std::size_t);                // NOLINT
void* __libc_calloc(std::size_t, std::size_t);   // NOLINT
void* __libc_realloc(void*, std::size_t);        // NOLINT
void* __libc_memalign(std::size_t, std::size_t); // NOLINT

// NOLINTBEGIN(misc-definitions-in-headers): one file of a program includes this.
void* malloc(std::size_t size) noexcept {
    count_allocations::count();
    return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
    count_allocations::count();
    return __libc_calloc(n, size);
}
void* realloc(void* old, std::size_t size) noexcept {
    count_allocations::count();
    return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    count_allocations::count();
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    count_allocations::count();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** to, std::size_t alignment, std::size_t size) noexcept {
    count_allocations::count();
    *to = __libc_memalign(alignment, size);
    return *to || size == 0 ? 0 : 12; // ENOMEM
}
// NOLINTEND(misc-definitions-in-headers)
}

/// The number of allocations while `action` runs.
template <class Action>
long allocations_of(const Action& action) {
    count_allocations::allocations = 0;
    count_allocations::counting = true;
    action();
    count_allocations::counting = false;
    return count_allocations::allocations;
}

#endif
