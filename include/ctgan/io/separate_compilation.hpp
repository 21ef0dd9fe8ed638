#pragma once

#include <ctgan/core/config.hpp>

/// Marks the definition of a function of io and plot that is not a template. Such functions are inline, as
/// all of the library, unless the program defines CTGAN_SEPARATE_COMPILATION in all of its files. Then the
/// headers only declare them, and one file of the program includes <ctgan/io/source.hpp>, which defines them:
/// the JSON library, zlib, libpng and the code that uses them are compiled once, not in each file. Not inline
/// there, so that a second such file is an error of the linker.
///
/// The macro is no part of CTGAN_ABI: classes and functions are the same either way, so a file in which the
/// macro was forgotten links, too, and uses the definitions of the other one.
#ifdef CTGAN_SEPARATE_COMPILATION
#    define CTGAN_IO_FUNCTION
#else
#    define CTGAN_IO_FUNCTION inline
#endif
