#pragma once

#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/load_network.hpp>

#include "options.hpp"

namespace train {

/// Loads the weights of --init-generator and --init-discriminator, if given. Throws io::Error.
template <class Gan>
void load_initial_weights(const Options& options, Gan& gan, const ctgan::io::GanNames& names) {
    const auto non_finite =
        options.allow_non_finite ? ctgan::io::NonFinite::allow : ctgan::io::NonFinite::refuse;
    if (const auto& path = options.init_generator; !path.empty())
        ctgan::io::load_network(path, gan.generator, names.generator, "generator", non_finite);
    if (const auto& path = options.init_discriminator; !path.empty())
        ctgan::io::load_network(path, gan.discriminator, names.discriminator, "discriminator", non_finite);
}

} // namespace train
