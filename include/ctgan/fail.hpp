#pragma once

#include <ctgan/config.hpp>

#include <cstdio>
#include <cstdlib>

namespace ctgan::detail {

/// Throws the exception. A program that is compiled without exceptions (-fno-exceptions) has its line on
/// standard error instead and is aborted. All files of a program are to be compiled alike in this.
template <class Exception>
[[noreturn]] void fail(const Exception& exception) {
#if CTGAN_EXCEPTIONS
    throw exception;
#else
    std::fprintf(stderr, "%s\n", exception.what());
    std::abort();
#endif
}

} // namespace ctgan::detail
