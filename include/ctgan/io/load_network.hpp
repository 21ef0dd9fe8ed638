#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/weights.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// What the names of a network's tensors begin with: nothing in a file of weights, `in_checkpoint` + "." in a
/// checkpoint. Throws Error if that is damaged.
std::string prefix_of_network(const SafetensorsFile& file, std::string_view in_checkpoint);

} // namespace detail

/// Loads a network from a file of weights, or from a checkpoint, where the names of its tensors begin with
/// `in_checkpoint` ("generator" or "discriminator") + ".". Throws Error as load_weights() and
/// open_checkpoint() do; the network is unchanged then.
template <class Network>
void load_network(const std::filesystem::path& path, Network& network, detail::NamesParameter<Network> layers,
                  std::string_view in_checkpoint, NonFinite non_finite = NonFinite::refuse) {
    const SafetensorsFile file = SafetensorsFile::open(path);
    load_weights(file, network, layers, detail::prefix_of_network(file, in_checkpoint), non_finite);
}
/// The same with the automatic_names.
template <class Network, detail::IsText Name>
void load_network(const std::filesystem::path& path, Network& network, const Name& in_checkpoint,
                  NonFinite non_finite = NonFinite::refuse) {
    load_network(path, network, {}, std::string_view(in_checkpoint), non_finite);
}

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/load_network.hpp>
#endif
