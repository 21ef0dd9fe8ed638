#pragma once

#include <ctgan/dcgan.hpp>

#include "host_networks.hpp"
#include <array>
#include <string_view>

namespace train {

/// The networks that train_dcgan trains. A test trains others.
struct Reference {
    using Generator = ctgan::dcgan::Generator;
    using Discriminator = ctgan::dcgan::Discriminator;
    static constexpr auto generator_names = ctgan::dcgan::generator_names;
    static constexpr auto discriminator_names = ctgan::dcgan::discriminator_names;
    /// The same on the CPU, for scores and report.
    static HostNetworks on_host() { return reference_on_host(); }
};

} // namespace train
