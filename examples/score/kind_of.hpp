#pragma once

#include <ctgan/score/extract.hpp>

#include "feature_network.hpp"
#include "kind.hpp"
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace scoring {

/// A kind without `read`. Throws io::Error.
template <class Picture>
Kind kind_of(const std::filesystem::path& weights) {
    const auto network = std::make_shared<FeatureNetwork<Picture>>(0);
    Kind kind{Picture::channels, Picture::height, Picture::width, load(*network, weights), {}, {}};
    kind.extract = [network](std::span<const std::uint8_t> pixels) {
        return ctgan::score::extract(*network, pixels);
    };
    return kind;
}

} // namespace scoring
