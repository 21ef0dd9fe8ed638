#include "features_of.hpp"

#include <fmt/core.h>

#include "kind_of.hpp"
#include "network_file.hpp"
#include <stdexcept>

namespace scoring {

Kind features_of(const train::PictureKind& pictures, const std::filesystem::path& file) {
    const auto is = [&](std::size_t channels, std::size_t side) {
        return pictures.channels == channels && pictures.height == side && pictures.width == side;
    };
    if (is(1, 28)) return kind_of<Digit>(file);
    if (!is(3, 32))
        throw std::invalid_argument(fmt::format(
            "--score-every: found pictures of {} x {} x {}, expected those that train_lenet makes "
            "a network for: digits, or colour pictures of 3 x 32 x 32",
            pictures.channels, pictures.height, pictures.width));
    if (file == shipped_network())
        throw std::invalid_argument(
            "--score-network: found none for colour pictures, expected weights that "
            "train_lenet made of such (docs/scores.md#color-pictures); those that are "
            "shipped are for digits");
    return kind_of<ctgan::Image<3, 32, 32>>(file);
}

} // namespace scoring
