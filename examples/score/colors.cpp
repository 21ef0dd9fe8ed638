#include <ctgan/io/cifar.hpp>
#include <ctgan/io/data_set.hpp>

#include "kind.hpp"
#include "kind_of.hpp"
#include "network_file.hpp"
#include "options.hpp"
#include "shuffled.hpp"
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace scoring {

Kind colors(const Options& options) {
    using Picture = ctgan::Image<3, 32, 32>;
    if (options.samples.empty())
        throw std::invalid_argument("--weights: found a generator of digits for color pictures, expected "
                                    "--samples");
    if (options.network == shipped_network())
        throw std::invalid_argument(
            "--network: found none for color pictures, expected weights that train_lenet "
            "made of such; those that are shipped are for digits");
    auto kind = kind_of<Picture>(options.network);
    kind.read = [&options](const std::filesystem::path& path) {
        auto pixels = ctgan::io::read_cifar(path, ctgan::io::CifarLabels::ignored).pixels;
        return Shuffled(path, ctgan::io::DataSet<Picture>(std::move(pixels)), options.seed);
    };
    return kind;
}

} // namespace scoring
