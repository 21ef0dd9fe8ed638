#pragma once

#include <ctgan/core/config.hpp>

#include <cstdint>
#include <string>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// The lowest `digits` hexadecimal digits of a value, in lower case and with leading zeros.
std::string hexadecimal(std::uint64_t value, int digits);

} // namespace ctgan::inline CTGAN_ABI::io::detail

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/hexadecimal.hpp>
#endif
