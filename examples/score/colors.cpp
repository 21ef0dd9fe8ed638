#include <ctgan/io/cifar.hpp>
#include <ctgan/io/data_set.hpp>

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
    return kind;
}

} // namespace scoring
