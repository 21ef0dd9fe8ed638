#pragma once

#include <ctgan/core/config.hpp>

// The functions of system_functions.hpp, defined for the system that the program is compiled for.
#if CTGAN_WINDOWS
#    include <ctgan/io/system_windows.hpp>
#else
#    include <ctgan/io/system_posix.hpp>
#endif
