#pragma once

// To be included in front of all else in a file that nvcc compiles and that uses fmt. nvcc stumbles over the
// consteval check of format strings, and fmt 9 takes nvcc for a compiler that has no constexpr to speak of.
#ifndef FMT_CONSTEVAL
#    define FMT_CONSTEVAL
#endif
#ifndef FMT_USE_CONSTEXPR
#    define FMT_USE_CONSTEXPR 1
#endif
