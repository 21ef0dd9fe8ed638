#pragma once

#include <boost/test/unit_test.hpp>

#include "../../examples/replay/trace.hpp"
#include "../backend.hpp"
#include <algorithm>
#include <string>

// Compiled once for all traces, in separate files, because compiling it takes half a minute for each scalar
// type.
extern template replay::TraceResult
replay::replay_trace<float, TestBackend>(const ctgan::io::SafetensorsFile&, const replay::Steps&);
extern template replay::TraceResult
replay::replay_trace<double, TestBackend>(const ctgan::io::SafetensorsFile&, const replay::Steps&);

struct TraceLimits {
    double first_fake, discriminator_loss, generator_loss;
};

/// In float: 1e-6 for the first images, and for the losses five times the distance of PyTorch's own float32
/// (golden/README.md). In double: 1e-9.
inline constexpr TraceLimits in_double{1e-9, 1e-9, 1e-9};
inline constexpr TraceLimits small_in_float{1e-6, 5 * 1.7e-5, 5 * 5.2e-5};
inline constexpr TraceLimits full_in_float{1e-6, 5 * 2.8e-4, 5 * 7.2e-4};

/// Replays a trace, checks it against the limits and returns the distances of the final state.
template <class T>
std::vector<replay::NamedDistance> check_trace(const std::string& path, std::size_t steps,
                                               const TraceLimits& limits) {
    const auto result = replay::replay_trace<T, TestBackend>(ctgan::io::SafetensorsFile::open(path));
    BOOST_TEST(result.first_fake <= limits.first_fake);
    BOOST_TEST(result.discriminator_loss <= limits.discriminator_loss);
    BOOST_TEST(result.generator_loss <= limits.generator_loss);
    // A run that does not train must not pass.
    for (const auto* losses : {&result.discriminator_losses, &result.generator_losses}) {
        BOOST_TEST(losses->size() == steps);
        const auto [min, max] = std::minmax_element(losses->begin(), losses->end());
        BOOST_TEST(*max - *min > 0.05);
    }
    return result.state;
}

/// Checks that the whole final state is within 1e-8, which only double can reach.
inline void check_state(const std::vector<replay::NamedDistance>& state, std::size_t tensors) {
    BOOST_TEST(state.size() == tensors);
    for (const auto& [name, distance] : state)
        BOOST_TEST(distance <= 1e-8, name << " is off by " << distance);
}
