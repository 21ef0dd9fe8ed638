#pragma once

#include <ctgan/score/extract.hpp>

#include "options.hpp"
#include "shuffled.hpp"
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace scoring {

/// What depends on the shape of pictures, and so on the type of their feature network. Each is made in a
/// translation unit of its own.
struct Kind {
    using Extract = std::function<ctgan::score::Extracted(std::span<const std::uint8_t>)>;

    int channels, height, width;
    std::string network; ///< checksum of its weights
    Extract extract;     ///< what the network computes from bytes
    /// The pictures of a path. Throws io::Error.
    std::function<Shuffled(const std::filesystem::path&)> read;
};

/// Read the feature network. They throw io::Error, and std::invalid_argument if a flag does not fit. The
/// options must outlive the result.
Kind digits(const Options& options);
Kind colors(const Options& options);

} // namespace scoring
