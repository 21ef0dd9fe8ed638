#pragma once

#include <ctgan/io/load_network.hpp>

#include <filesystem>
#include <string>

/// The generator of a run in a file, which is one of weights or a checkpoint.
namespace train {

/// What the names of its tensors begin with in a checkpoint: it is the average of the weights, if there is
/// one.
template <class Networks>
inline constexpr const char* name_in_checkpoint = Networks::average > 0 ? "average" : "generator";

/// Whether the file has such a generator. Throws io::Error if it is a damaged checkpoint.
template <class Networks>
bool has_generator(const ctgan::io::SafetensorsFile& file) {
    const auto prefix = ctgan::io::detail::prefix_of_network(file, name_in_checkpoint<Networks>);
    return file.tensors().contains(prefix + std::string(Networks::generator_names[0]) + ".weight");
}

/// Loads it. Throws io::Error; the generator is unchanged then.
template <class Networks, class Generator>
void load_generator(const std::filesystem::path& path, Generator& generator,
                    ctgan::io::NonFinite non_finite = ctgan::io::NonFinite::refuse) {
    ctgan::io::load_network(path, generator, Networks::generator_names, name_in_checkpoint<Networks>,
                            non_finite);
}

} // namespace train
