#pragma once

#include <boost/test/unit_test.hpp>

/// 1 if allocations.cpp replaces malloc to count allocations. The sanitizers replace malloc themselves, which
/// would bypass the counting one.
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

namespace training {

// Defined in allocations.cpp, which is part of the suite of the CPU backend only.
void start_counting();
long stop_counting();

/// The number of allocations while `action` runs, on any thread.
template <class Action>
long allocations_of(const Action& action) {
    start_counting();
    action();
    return stop_counting();
}

/// A precondition of tests that count.
inline boost::test_tools::assertion_result can_count(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(CTGAN_COUNT_ALLOCATIONS != 0);
    result.message() << "allocations are counted with glibc's malloc only, and without sanitizers";
    return result;
}

} // namespace training
