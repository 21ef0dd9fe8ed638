#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_images.hpp>

#include "../train/host_networks.hpp"
#include "drawn.hpp"
#include "kind.hpp"
#include "kind_of.hpp"
#include "options.hpp"
#include "shuffled.hpp"
#include <filesystem>

namespace scoring {

Kind digits(const Options& options) {
    auto kind = kind_of<Digit>(options.network);
    kind.read = [&options](const std::filesystem::path& path) {
        const auto file = ctgan::io::find_images(path);
        return Shuffled(file, ctgan::io::DataSet<Digit>::read(file), options.seed);
    };
    kind.draw = [&options](Index count) {
        const auto networks = train::networks_of(options.weights);
        return networks.drawn(options.weights, noise_of(count, options.seed, networks.noise_size));
    };
    return kind;
}

} // namespace scoring
