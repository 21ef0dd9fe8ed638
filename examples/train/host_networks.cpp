#include "host_networks.hpp"

#include <ctgan/gan/slerp.hpp>

#include "networks.hpp"
#include "networks_on_host.hpp"
#include "picture_presets.hpp"
#include "presets.hpp"
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

HostNetworks reference_on_host() { return networks_on_host<Reference>(); }

HostNetworks digits_on_host() { return networks_on_host<Digits>(); }

HostNetworks networks_of(const std::filesystem::path& weights) {
    const auto file = ctgan::io::SafetensorsFile::open(weights);
    // Those with more layers first: the others' names are among theirs.
    if (has_generator<Pictures64>(file)) return pictures64_on_host();
    if (has_generator<Pictures32>(file)) return pictures32_on_host();
    return has_generator<Digits>(file) ? digits_on_host() : reference_on_host();
}

} // namespace train
