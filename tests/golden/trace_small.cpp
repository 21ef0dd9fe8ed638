#include "trace.hpp"

namespace {
const std::string file = std::string(CTGAN_GOLDEN_DIR) + "/trace_small.safetensors";
}

BOOST_AUTO_TEST_CASE(fifty_small_steps_in_double_equal_pytorch_s) {
    check_state(check_trace<double>(file, 50, in_double), 34);
}

BOOST_AUTO_TEST_CASE(fifty_small_steps_in_float_drift_no_more_than_pytorch_s) {
    check_trace<float>(file, 50, small_in_float);
}
