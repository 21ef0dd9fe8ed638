#pragma once

#include <ctgan/io/load_network.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

/// The generator of a run in a file, which is one of weights or a checkpoint.
namespace train {

/// Whether the file has the generator of these networks, as far as the names of its layers tell.
template <class Networks>
bool has_generator(const ctgan::io::SafetensorsFile& file) {
    const auto& names = Networks::generator_names;
    return std::all_of(names.begin(), names.end(), [&](const auto& name) {
        const std::string weight = std::string(name) + ".weight";
        return file.tensors().contains(weight) || file.tensors().contains("generator." + weight);
    });
}

/// Loads it: of a checkpoint the average, if the networks have one. Throws io::Error; the generator is
/// unchanged then.
template <class Networks, class Generator>
void load_generator(const std::filesystem::path& path, Generator& generator,
                    ctgan::io::NonFinite non_finite = ctgan::io::NonFinite::refuse) {
    const char* const in_checkpoint = Networks::average > 0 ? "average" : "generator";
    ctgan::io::load_network(path, generator, Networks::generator_names, in_checkpoint, non_finite);
}

} // namespace train
