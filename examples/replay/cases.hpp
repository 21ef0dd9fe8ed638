#pragma once

#include "activation_cases.hpp"
#include "branch_cases.hpp"
#include "conditional_cases.hpp"
#include "convolution_cases.hpp"
#include "norm_cases.hpp"
#include "objective_cases.hpp"
#include "optimizer_cases.hpp"
#include "penalty_cases.hpp"
#include "pooling_cases.hpp"
#include "reference_cases.hpp"
#include "spectral_cases.hpp"
#include <tuple>

namespace replay {

/// All cases that can be replayed: shapes are types, so each case is compiled in.
inline constexpr auto cases = std::tuple_cat(
    activation_cases, branch_cases, conditional_cases, convolution_cases, batch_norm_cases, norm_cases,
    objective_cases, optimizer_cases, penalty_cases, pooling_cases, reference_cases, spectral_cases);

} // namespace replay
