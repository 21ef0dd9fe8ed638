#pragma once

#include <boost/test/unit_test.hpp>

#include "../../examples/replay/reference_cases.hpp"
#include "../backend.hpp"
#include <string>

/// Checks every case of layers.safetensors in T; `limit(case, what)` is the largest allowed distance of a
/// result from PyTorch's.
template <class T, class Limit>
void check_layers(const Limit& limit) {
    const auto file = ctgan::io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/layers.safetensors");
    const auto results = replay::replay_layers<T, TestBackend>(file, replay::reference_cases);
    BOOST_TEST(replay::unknown_tensors(file, replay::reference_cases).empty());
    BOOST_TEST(results.size() == 29U);
    std::size_t compared = 0;
    for (const auto& [name, distances] : results)
        for (const auto& [what, distance] : distances) {
            BOOST_TEST(distance <= limit(name, what), name << " " << what << " is off by " << distance);
            ++compared;
        }
    // 17 layers with two parameters, 4 normalizations with another three buffers, 5 activations, 2 losses and
    // Adam. All but the two normalizations in training mode also in a Frozen network.
    BOOST_TEST(compared == 17U * 5 + 4 * 7 + 2 + 5 * 3 + 2 * 2 + 1);
}
