#include <ctgan/io/safetensors.hpp>
#include <ctgan/score/lenet.hpp>

#include <fmt/core.h>

#include "features.hpp"
#include "kind_of.hpp"
#include "network_file.hpp"
#include <stdexcept>
#include <string>

namespace scoring {

Kind color_features(const std::filesystem::path& file, const char* flag) {
    if (file == shipped_network())
        throw std::invalid_argument(
            fmt::format("{}: found none for color pictures, expected weights that train_lenet made of such "
                        "(docs/scores.md#color-pictures); those that are shipped are for digits",
                        flag));
    return kind_of<ctgan::Image<3, 32, 32>>(file);
}

bool sees_color(const std::filesystem::path& file) {
    const auto weights = ctgan::io::SafetensorsFile::open(file);
    const auto first = weights.tensors().find(std::string(ctgan::score::lenet_names[0]) + ".weight");
    return first != weights.tensors().end() && first->second.shape.size() == 4 && first->second.shape[1] == 3;
}

} // namespace scoring
