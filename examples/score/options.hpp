#pragma once

#include "network_file.hpp"
#include <cstdint>
#include <filesystem>

namespace scoring {

/// The flags of score_samples.
struct Options {
    std::filesystem::path real;             ///< the real pictures
    std::filesystem::path samples, weights; ///< the generated ones, or the generator that draws them
    std::filesystem::path network = shipped_network();
    std::filesystem::path cache; ///< folder for the statistics of real pictures; empty: none
    std::filesystem::path pairs; ///< picture of samples beside their nearest real pictures; empty: none
    long long count = 0;         ///< pictures of each set; 0: default_count, or as many as there are
    int k = 5;                   ///< neighbours
    int threads = 0;             ///< 0: all cores
    std::uint64_t seed = 0;
};

inline constexpr long long default_count = 10000;

} // namespace scoring
