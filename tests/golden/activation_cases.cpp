#include "../../examples/replay/activation_cases.hpp"

#include "check_cases.hpp"

namespace {

// Of each layer the output, also of a Frozen network, and the gradient; of PReLU also that of the slopes.
constexpr std::size_t results = 8 * 3 + 1;

} // namespace

BOOST_AUTO_TEST_CASE(activations_in_double_equal_pytorch_s) {
    golden::check_cases<double>(replay::activation_cases, 1e-12, results);
}

BOOST_AUTO_TEST_CASE(activations_in_float_equal_pytorch_s) {
    golden::check_cases<float>(replay::activation_cases, 2e-5, results);
}
