#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_images.hpp>

#include "feature_network.hpp"
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
    return kind;
}

} // namespace scoring
