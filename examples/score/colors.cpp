#include "../cifar.hpp"
#include "kind.hpp"
#include "kind_of.hpp"
#include "network_file.hpp"
#include "options.hpp"
#include "shuffled.hpp"
#include <filesystem>
#include <stdexcept>

namespace scoring {

Kind colors(const Options& options) {
    if (options.samples.empty())
        throw std::invalid_argument("--weights: found a generator of digits for color pictures, expected "
                                    "--samples");
    if (options.network == shipped_network())
        throw std::invalid_argument(
            "--network: found none for color pictures, expected weights that train_lenet "
            "made of such; those that are shipped are for digits");
    auto kind = kind_of<cifar::Picture>(options.network);
    kind.read = [&options](const std::filesystem::path& path) {
        return Shuffled(path, cifar::read(path, cifar::Labels::ignored).images, options.seed);
    };
    return kind;
}

} // namespace scoring
