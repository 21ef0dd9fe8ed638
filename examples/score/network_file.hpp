#pragma once

#include <filesystem>

namespace scoring {

/// The weights of the feature network that are shipped, beside the folder of the shipped digits.
inline std::filesystem::path shipped_network() {
    return std::filesystem::path(CTGAN_SHIPPED_DATA_DIR).parent_path() / "lenet_digits.safetensors";
}

} // namespace scoring
