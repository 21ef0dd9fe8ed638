// The kernels of the CPU backend that networks share, compiled once for all programs
// (CTGAN_SEPARATE_COMPILATION).

#include <ctgan/backend/cpu/source.hpp>
