#pragma once

#include "branch_cases.hpp"
#include "norm_cases.hpp"
#include "reference_cases.hpp"
#include "spectral_cases.hpp"
#include <tuple>

namespace replay {

/// All cases that can be replayed: shapes are types, so each case is compiled in.
inline constexpr auto cases =
    std::tuple_cat(reference_cases, branch_cases, batch_norm_cases, norm_cases, spectral_cases);

} // namespace replay
