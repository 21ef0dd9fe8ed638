// Penalties on the slope of a critic against PyTorch's results.

#include "../../examples/replay/penalty_cases.hpp"

#include "check_cases.hpp"

// Each a value, the slope, and the gradients of six parameters.
BOOST_AUTO_TEST_CASE(penalties_equal_pytorch_s) {
    golden::check_cases<double>(replay::penalty_cases, 1e-12, 4 * 8);
    golden::check_cases<float>(std::tuple(std::get<3>(replay::penalty_cases)), 1e-5, 8);
}
