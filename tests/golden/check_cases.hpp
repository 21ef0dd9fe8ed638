#pragma once

#include <ctgan/io/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include "../../examples/replay/layers.hpp"
#include "../backend.hpp"
#include <cstddef>
#include <string>
#include <tuple>

namespace golden {

/// Cases of layers2.safetensors, which PyTorch computed in double: `limit` is the largest allowed relative L2
/// distance, `results` how many there are to compare.
template <class T, class... Cases>
void check_cases(const std::tuple<Cases...>& cases, double limit, std::size_t results) {
    const auto file =
        ctgan::io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/layers2.safetensors");
    std::size_t compared = 0;
    for (const auto& [name, distances] : replay::replay_layers<T, TestBackend>(file, cases))
        for (const auto& [what, distance] : distances) {
            BOOST_TEST(distance <= limit, name << " " << what << " is off by " << distance);
            ++compared;
        }
    BOOST_TEST(compared == results);
}

} // namespace golden
