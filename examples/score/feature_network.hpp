#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/score/lenet.hpp>

#include <filesystem>
#include <string>

namespace scoring {

using Digit = ctgan::Image<1, 28, 28>;
template <class Picture>
using FeatureNetwork = ctgan::Network<ctgan::score::LeNet<Picture>>;

/// Reads the feature network. Returns the checksum of its weights. Throws io::Error.
template <class TheNetwork>
std::string load(TheNetwork& network, const std::filesystem::path& path) {
    const auto file = ctgan::io::SafetensorsFile::open(path);
    ctgan::io::load_weights(file, network, ctgan::score::lenet_names);
    return ctgan::io::require_checksum(file);
}

} // namespace scoring
