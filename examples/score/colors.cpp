#include <ctgan/io/cifar.hpp>
#include <ctgan/io/data_set.hpp>

#include <fmt/core.h>

#include "../train/host_networks.hpp"
#include "drawn.hpp"
#include "features.hpp"
#include "kind.hpp"
#include "options.hpp"
#include "shuffled.hpp"
#include <filesystem>
#include <utility>

namespace scoring {

Kind colors(const Options& options) {
    using Picture = ctgan::Image<3, 32, 32>;
    auto kind = color_features(options.network, "--network");
    kind.read = [&options](const std::filesystem::path& path) {
        if (!ctgan::io::is_cifar(path))
            return Shuffled(path, ctgan::io::DataSet<Picture>::read(path), options.seed);
        auto pixels = ctgan::io::read_cifar(path, ctgan::io::CifarLabels::ignored).pixels;
        return Shuffled(path, ctgan::io::DataSet<Picture>(std::move(pixels)), options.seed);
    };
    kind.draw = [&options](Index count) {
        const auto networks = train::networks_of(options.weights);
        if (networks.kind.size() != Picture::size)
            throw ctgan::io::Error(options.weights,
                                   fmt::format("a generator of {} x {} x {}", networks.kind.channels,
                                               networks.kind.height, networks.kind.width),
                                   "one of 3 x 32 x 32, as the real pictures");
        return networks.drawn(options.weights, noise_of(count, options.seed, networks.noise_size));
    };
    return kind;
}

} // namespace scoring
