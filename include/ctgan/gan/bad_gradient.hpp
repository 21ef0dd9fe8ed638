#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/optim/bad_tensor.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

/// What a Gan does about a gradient that is infinite or NaN.
namespace ctgan::inline CTGAN_ABI::detail {

template <class Network, class Optimizer>
[[noreturn]] CTGAN_COLD void refuse_gradient(std::uint64_t step, const char* name, const Network& network,
                                             const Optimizer& optimizer) {
    fail_with<std::runtime_error>({"train_step ", step, ": found a gradient of the ", name, "'s ",
                                   first_bad_tensor(network, optimizer),
                                   " that is infinite or NaN, expected finite ones"});
}
/// Throws std::runtime_error if the optimizer of the network called `name` was given such a gradient.
template <class Network, class Optimizer>
void throw_if_bad(std::uint64_t step, const char* name, const Network& network, const Optimizer& optimizer) {
    if (optimizer.first_bad_step() != 0) refuse_gradient(step, name, network, optimizer);
}

} // namespace ctgan::inline CTGAN_ABI::detail
