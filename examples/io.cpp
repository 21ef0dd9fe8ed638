// The library's functions for files, pictures and charts, compiled once for all programs
// (CTGAN_SEPARATE_COMPILATION).

#include <ctgan/io/source.hpp>
