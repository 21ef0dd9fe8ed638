#include <fmt/core.h>

#include "features.hpp"
#include "kind_of.hpp"
#include "network_file.hpp"
#include <stdexcept>

namespace scoring {

Kind color_features(const std::filesystem::path& file, const char* flag) {
    if (file == shipped_network())
        throw std::invalid_argument(
            fmt::format("{}: found none for color pictures, expected weights that train_lenet made of such "
                        "(docs/scores.md#color-pictures); those that are shipped are for digits",
                        flag));
    return kind_of<ctgan::Image<3, 32, 32>>(file);
}

} // namespace scoring
