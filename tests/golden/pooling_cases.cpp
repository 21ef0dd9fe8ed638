#include "../../examples/replay/pooling_cases.hpp"

#include "check_cases.hpp"

namespace {

// Of each layer the output, also of a Frozen network, and the gradient; of the residual block two of these,
// ten gradients of parameters, four buffers and two counts.
constexpr std::size_t results = 8 * 3 + 18;

} // namespace

BOOST_AUTO_TEST_CASE(pooling_and_upsampling_in_double_equal_pytorch_s) {
    golden::check_cases<double>(replay::pooling_cases, 1e-12, results);
}

BOOST_AUTO_TEST_CASE(pooling_and_upsampling_in_float_equal_pytorch_s) {
    golden::check_cases<float>(replay::pooling_cases, 2e-5, results);
}
