#pragma once

#include <ctgan/core/array.hpp>

namespace ctgan::cpu {
using ctgan::detail::Array;
}
