#pragma once

#include <ctgan/dcgan.hpp>

#include "host_networks.hpp"
#include "record.hpp"

namespace train {

/// The networks that train_dcgan trains, and how. Those of train_gan are in presets.hpp.
struct Reference {
    using Generator = ctgan::dcgan::Generator;
    using Discriminator = ctgan::dcgan::Discriminator;
    using Objective = ctgan::LeastSquares;
    using Init = ctgan::init::PyTorch;
    static constexpr auto generator_names = ctgan::dcgan::generator_names;
    static constexpr auto discriminator_names = ctgan::dcgan::discriminator_names;
    /// The optimizers' options, but for the learning rates, which are flags.
    static constexpr auto generator_options = ctgan::dcgan::generator_options;
    static constexpr auto discriminator_options = ctgan::dcgan::discriminator_options;
    /// Decay of an average of the generator's weights. If it is not 0, the average is what is drawn from,
    /// scored and saved as the generator.
    static constexpr double average = 0;
    static constexpr LossScale losses{"DCGAN on MNIST: mean loss of each epoch, and the LSGAN equilibrium",
                                      "mean squared error", 0.5};
    /// The same networks on the CPU, for scores and report.
    static HostNetworks on_host() { return reference_on_host(); }
};

} // namespace train
