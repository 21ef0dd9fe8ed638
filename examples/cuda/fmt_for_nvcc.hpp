#pragma once

// Include this first in a file that nvcc compiles and that uses fmt. nvcc fails on the consteval check of
// format strings, and fmt 9 does not know that nvcc supports constexpr.
#ifndef FMT_CONSTEVAL
#    define FMT_CONSTEVAL
#endif
#ifndef FMT_USE_CONSTEXPR
#    define FMT_USE_CONSTEXPR 1
#endif
