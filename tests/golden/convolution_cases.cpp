// Convolutions of every geometry and layers without bias against layers2.safetensors.

#include "../../examples/replay/convolution_cases.hpp"

#include "check_cases.hpp"

// Thirteen layers: output, output of Frozen, gradients with respect to input and weight; ten have a bias.
BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry_in_double_equal_pytorch_s) {
    golden::check_cases<double>(replay::convolution_cases, 1e-12, 13 * 4 + 10);
}
BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry_in_float_equal_pytorch_s) {
    golden::check_cases<float>(replay::convolution_cases, 2e-5, 13 * 4 + 10);
}
