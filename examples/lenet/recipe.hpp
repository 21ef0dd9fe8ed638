#pragma once

#include <cstdint>
#include <filesystem>

namespace lenet {

/// The flags of train_lenet.
struct Options {
    std::filesystem::path data = CTGAN_SHIPPED_DATA_DIR, out = "lenet.safetensors";
    int epochs = 20, batch_size = 64, threads = 0;
    double lr = 2e-3;
    std::uint64_t seed = 0;
};

/// Train on MNIST's format or on CIFAR-10's, and write the weights. Each is a translation unit of its own,
/// because its network is a type of its own. They throw io::Error, and std::runtime_error if the loss is not
/// finite.
void train_on_digits(const Options& options);
void train_on_colors(const Options& options);

} // namespace lenet
