#pragma once

#include <ctgan/core/config.hpp>

#include <cstdio>
#include <cstdlib>

namespace ctgan::inline CTGAN_ABI::detail {

/// Throws the exception. Without exceptions (-fno-exceptions) it prints what() to standard error and aborts.
/// Compile all files of a program with the same setting.
template <class Exception>
[[noreturn]] void fail(const Exception& exception) {
#if CTGAN_EXCEPTIONS
    throw exception;
#else
    std::fprintf(stderr, "%s\n", exception.what());
    std::abort();
#endif
}

} // namespace ctgan::inline CTGAN_ABI::detail
