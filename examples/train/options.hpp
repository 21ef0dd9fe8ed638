#pragma once

#include <ctgan/dcgan.hpp>

#include <cstdint>
#include <filesystem>
#include <limits>

namespace train {

/// What train_dcgan's flags say; the defaults are the reference's.
struct Options {
    std::filesystem::path data = CTGAN_SHIPPED_DATA_DIR;
    std::filesystem::path out = "out";
    int epochs = ctgan::dcgan::epochs;
    int batch_size = ctgan::dcgan::batch_size;
    std::uint64_t seed = 0;
    double generator_lr = ctgan::dcgan::generator_options.lr;
    double discriminator_lr = ctgan::dcgan::discriminator_options.lr;
    long long max_steps = std::numeric_limits<long long>::max();
    /// Steps from checkpoint to checkpoint, besides those at each epoch's end and on a stop.
    long long save_every = std::numeric_limits<long long>::max();
    bool resume = false;
    int threads = 0; ///< 0: all cores
    bool log_steps = false;
    std::filesystem::path init_generator, init_discriminator;
    bool allow_non_finite = false; ///< in those two
    bool tf32 = false;             ///< CUDA: multiply in TF32
    bool graph = true;             ///< CUDA: record the step once and play it back
};

} // namespace train
