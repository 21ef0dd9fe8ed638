#include <fmt/core.h>

#include "../score/features.hpp"
#include "host_networks.hpp"
#include "networks_on_host.hpp"
#include "picture_presets.hpp"
#include "presets.hpp"
#include <stdexcept>

namespace train {

namespace {

scoring::Kind features_of_32(const std::filesystem::path& file) {
    return scoring::color_features(file, "--score-network");
}

scoring::Kind features_of_64(const std::filesystem::path&) {
    throw std::invalid_argument(
        "--score-every: found pictures of 3 x 64 x 64, expected those that train_lenet makes "
        "a network for: digits, or color pictures of 3 x 32 x 32");
}

} // namespace

HostNetworks digits_on_host() { return networks_on_host<Digits>(scoring::digit_features); }
HostNetworks pictures32_on_host() { return networks_on_host<Pictures32>(features_of_32); }
HostNetworks pictures64_on_host() { return networks_on_host<Pictures64>(features_of_64); }

HostNetworks networks_of(const std::filesystem::path& weights) {
    const auto file = ctgan::io::SafetensorsFile::open(weights);
    // Those with more layers first: the others' names are among theirs.
    if (has_generator<Pictures64>(file)) return pictures64_on_host();
    if (has_generator<Pictures32>(file)) return pictures32_on_host();
    return has_generator<Digits>(file) ? digits_on_host() : reference_on_host();
}

} // namespace train
