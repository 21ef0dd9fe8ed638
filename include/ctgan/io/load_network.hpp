#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/weights.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

/// Loads a network from a file of weights, or from a checkpoint, where the names of its tensors begin with
/// `in_checkpoint` ("generator" or "discriminator") + ".". Throws Error as load_weights() and
/// open_checkpoint() do; the network is unchanged then.
template <class Network>
void load_network(const std::filesystem::path& path, Network& network, const LayerNames& layers,
                  std::string_view in_checkpoint, NonFinite non_finite = NonFinite::refuse) {
    const SafetensorsFile file = SafetensorsFile::open(path);
    std::string prefix;
    if (is_checkpoint(file)) {
        require_whole_checkpoint(file);
        prefix.append(in_checkpoint).append(".");
    }
    load_weights(file, network, layers, prefix, non_finite);
}

} // namespace ctgan::inline CTGAN_ABI::io
