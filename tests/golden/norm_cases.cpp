// Normalizations against layers2.safetensors, which PyTorch computed in double.

#include "../../examples/replay/norm_cases.hpp"

#include "../../examples/replay/spectral_cases.hpp"
#include "check_cases.hpp"

using golden::check_cases;

// Five layers' outputs, also of Frozen, and input gradients; four have a weight and a bias.
BOOST_AUTO_TEST_CASE(normalizations_of_samples_in_double_equal_pytorch_s) {
    check_cases<double>(replay::norm_cases, 1e-11, 5 * 3 + 4 * 2);
}
BOOST_AUTO_TEST_CASE(normalizations_of_samples_in_float_equal_pytorch_s) {
    check_cases<float>(replay::norm_cases, 2e-5, 5 * 3 + 4 * 2);
}

// Two layers' outputs, input gradients, running statistics and counts; one has a weight and a bias.
BOOST_AUTO_TEST_CASE(batch_normalization_with_options_in_double_equals_pytorch_s) {
    check_cases<double>(replay::batch_norm_cases, 1e-11, 2 * 5 + 2);
}
BOOST_AUTO_TEST_CASE(batch_normalization_with_options_in_float_equals_pytorch_s) {
    check_cases<float>(replay::batch_norm_cases, 2e-5, 2 * 5 + 2);
}

// Three layers' outputs, also in evaluation mode and of Frozen, input gradients, u, v, and the gradients of
// weight and bias.
BOOST_AUTO_TEST_CASE(spectral_normalization_in_double_equals_pytorch_s) {
    check_cases<double>(replay::spectral_cases, 1e-11, 3 * 8);
}
BOOST_AUTO_TEST_CASE(spectral_normalization_in_float_equals_pytorch_s) {
    check_cases<float>(replay::spectral_cases, 2e-5, 3 * 8);
}
