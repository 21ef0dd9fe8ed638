#include "trace.hpp"
#include <filesystem>

namespace {

const std::string file = std::string(CTGAN_SHARED_GOLDEN_DIR) + "/trace_full.safetensors";

/// The file is too large for the repository.
boost::test_tools::assertion_result file_exists(boost::unit_test::test_unit_id) {
    if (std::filesystem::exists(file)) return true;
    boost::test_tools::assertion_result no(false);
    no.message() << "there is no file " << file;
    return no;
}

} // namespace

BOOST_AUTO_TEST_CASE(twenty_full_steps_in_double_equal_pytorch_s,
                     *boost::unit_test::precondition(file_exists)) {
    check_state(check_trace<double>(file, 20, in_double), 33); // linear1.weight is not in the file
}

BOOST_AUTO_TEST_CASE(twenty_full_steps_in_float_drift_no_more_than_pytorch_s,
                     *boost::unit_test::precondition(file_exists)) {
    check_trace<float>(file, 20, full_in_float);
}
