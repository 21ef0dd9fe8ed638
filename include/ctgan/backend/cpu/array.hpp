#pragma once

#include <ctgan/core/array.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {
using ctgan::detail::Array;
}
