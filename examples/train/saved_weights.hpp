#pragma once

#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/io/weights.hpp>

#include <fmt/core.h>

#include "folder.hpp"
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

/// Writes the files of both networks' weights, after step `step`. Throws std::exception.
template <class Gan>
void save_weights_of(const Gan& gan, const ctgan::io::GanNames& names, const Folder& folder, long long step) {
    naming_step(step, "generator: ", [&] {
        ctgan::io::save_weights(folder.generator(), gan.generator, names.generator);
    });
    naming_step(step, "discriminator: ", [&] {
        ctgan::io::save_weights(folder.discriminator(), gan.discriminator, names.discriminator);
    });
}

} // namespace train
