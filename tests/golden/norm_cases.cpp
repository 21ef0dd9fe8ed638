// Normalizations against layers2.safetensors, which PyTorch computed in double.

#include "../../examples/replay/norm_cases.hpp"

#include <boost/test/unit_test.hpp>

#include "../../examples/replay/spectral_cases.hpp"
#include "../backend.hpp"
#include <cstddef>
#include <string>
#include <tuple>

namespace {

template <class T, class Cases>
void check(const Cases& cases, std::size_t tensors, double limit) {
    const auto file =
        ctgan::io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/layers2.safetensors");
    std::size_t compared = 0;
    for (const auto& [name, distances] : replay::replay_layers<T, TestBackend>(file, cases))
        for (const auto& [what, distance] : distances) {
            BOOST_TEST(distance <= limit, name << " " << what << " is off by " << distance);
            ++compared;
        }
    BOOST_TEST(compared == tensors);
}

} // namespace

// Five layers' outputs, also of Frozen, and input gradients; four have a weight and a bias.
BOOST_AUTO_TEST_CASE(normalizations_of_samples_in_double_equal_pytorch_s) {
    check<double>(replay::norm_cases, 5 * 3 + 4 * 2, 1e-11);
}
BOOST_AUTO_TEST_CASE(normalizations_of_samples_in_float_equal_pytorch_s) {
    check<float>(replay::norm_cases, 5 * 3 + 4 * 2, 2e-5);
}

// Two layers' outputs, input gradients, running statistics and counts; one has a weight and a bias.
BOOST_AUTO_TEST_CASE(batch_normalization_with_options_in_double_equals_pytorch_s) {
    check<double>(replay::batch_norm_cases, 2 * 5 + 2, 1e-11);
}
BOOST_AUTO_TEST_CASE(batch_normalization_with_options_in_float_equals_pytorch_s) {
    check<float>(replay::batch_norm_cases, 2 * 5 + 2, 2e-5);
}

// Three layers' outputs, also in evaluation mode and of Frozen, input gradients, u, v, and the gradients of
// weight and bias.
BOOST_AUTO_TEST_CASE(spectral_normalization_in_double_equals_pytorch_s) {
    check<double>(replay::spectral_cases, 3 * 8, 1e-11);
}
BOOST_AUTO_TEST_CASE(spectral_normalization_in_float_equals_pytorch_s) {
    check<float>(replay::spectral_cases, 3 * 8, 2e-5);
}
