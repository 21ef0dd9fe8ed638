#pragma once

#include <ctgan/io/tensors_to_write.hpp>

#include <fmt/core.h>

#include <stdexcept>

namespace train {

/// Calls `save`. If a value of a network is not finite, the error begins with the step and `what`.
template <class Save>
void naming_step(long long step, const char* what, const Save& save) {
    try {
        save();
    } catch (const ctgan::io::NotFinite& error) {
        throw std::runtime_error(fmt::format("step {}: {}{}", step, what, error.what()));
    }
}

} // namespace train
