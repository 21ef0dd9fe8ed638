#pragma once

#include <ctgan/core/config.hpp>

/// Defines what the CPU backend's headers only declare in a program that defines CTGAN_SEPARATE_COMPILATION
/// (kernels.hpp). Exactly one file of such a program includes this header.

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan needs CTGAN_SEPARATE_COMPILATION for backend/cpu/source.hpp: define it in all files of the program, or include no backend/cpu/source.hpp>
#endif

#include <ctgan/backend/cpu/kernels.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {
CTGAN_KERNELS()
} // namespace ctgan::inline CTGAN_ABI::cpu
