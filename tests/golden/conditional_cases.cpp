// Networks with several inputs against layers2.safetensors, which PyTorch computed in double.

#include "../../examples/replay/conditional_cases.hpp"

#include "check_cases.hpp"

// The output, also of a Frozen network, and four gradients.
BOOST_AUTO_TEST_CASE(networks_with_several_inputs_in_double_equal_pytorch_s) {
    golden::check_cases<double>(replay::conditional_cases, 1e-12, 6);
}
BOOST_AUTO_TEST_CASE(networks_with_several_inputs_in_float_equal_pytorch_s) {
    golden::check_cases<float>(replay::conditional_cases, 2e-5, 6);
}
