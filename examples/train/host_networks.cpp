#include "host_networks.hpp"

#include <ctgan/gan/slerp.hpp>

#include "../score/features.hpp"
#include "networks.hpp"
#include "networks_on_host.hpp"
#include <cstddef>

namespace train {

HostNetworks::Bytes HostNetworks::interpolated(const std::filesystem::path& weights,
                                               std::span<const float> noise, int rows, int columns) const {
    const auto size = static_cast<std::size_t>(noise_size);
    std::vector<float> all;
    for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
        for (int column = 0; column < columns; ++column) {
            const auto between =
                ctgan::slerp(noise.subspan(2 * row * size, size), noise.subspan((2 * row + 1) * size, size),
                             static_cast<double>(column) / (columns - 1));
            all.insert(all.end(), between.begin(), between.end());
        }
    return drawn(weights, all);
}

HostNetworks reference_on_host() { return networks_on_host<Reference>(scoring::digit_features); }

} // namespace train
