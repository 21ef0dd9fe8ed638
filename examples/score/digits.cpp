#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_images.hpp>

#include <fmt/core.h>

#include "../train/host_networks.hpp"
#include "drawn.hpp"
#include "features.hpp"
#include "kind.hpp"
#include "options.hpp"
#include "shuffled.hpp"
#include <filesystem>
#include <system_error>
#include <utility>

namespace scoring {

Kind digits(const Options& options) {
    auto kind = digit_features(options.network);
    kind.read = [&options](const std::filesystem::path& path) {
        auto images = ctgan::io::DataSet<Digit>::read(path);
        std::error_code ignored;
        const bool pictures = std::filesystem::is_directory(path, ignored) && ctgan::io::has_pictures(path);
        return Shuffled(pictures ? path : ctgan::io::find_images(path), std::move(images), options.seed);
    };
    kind.draw = [&options](Index count) {
        const auto networks = train::networks_of(options.weights);
        if (networks.kind.size() != Digit::size)
            throw ctgan::io::Error(options.weights,
                                   fmt::format("a generator of {} x {} x {}", networks.kind.channels,
                                               networks.kind.height, networks.kind.width),
                                   "one of digits, 1 x 28 x 28");
        return networks.drawn(options.weights, noise_of(count, options.seed, networks.noise_size));
    };
    return kind;
}

} // namespace scoring
