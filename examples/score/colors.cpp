#include "../cifar.hpp"
#include "compare_pictures.hpp"
#include "network_file.hpp"
#include "options.hpp"
#include "real_set.hpp"
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace scoring {

void compare_colors(const Options& options) {
    if (options.samples.empty())
        throw std::invalid_argument("--weights: found a generator of digits for color pictures, expected "
                                    "--samples");
    if (options.network == shipped_network())
        throw std::invalid_argument(
            "--network: found none for color pictures, expected weights that train_lenet "
            "made of such; those that are shipped are for digits");
    const auto read = [&](const std::filesystem::path& path) {
        return Shuffled<cifar::Picture>(path, cifar::read(path, cifar::Labels::ignored).images, options.seed);
    };
    compare_pictures<cifar::Picture>(options, read, [](Index) { return std::vector<std::uint8_t>(); });
}

} // namespace scoring
