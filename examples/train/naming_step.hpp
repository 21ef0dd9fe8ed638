#pragma once

#include <ctgan/io/tensors_to_write.hpp>

#include <fmt/core.h>

#include <stdexcept>

namespace train {

/// Calls `save`. If a value of the network is not finite, the error names the step.
template <class Save>
void naming_step(long long step, const char* network, const Save& save) {
    try {
        save();
    } catch (const ctgan::io::NotFinite& error) {
        throw std::runtime_error(fmt::format("step {}: {}{}", step, network, error.what()));
    }
}

} // namespace train
