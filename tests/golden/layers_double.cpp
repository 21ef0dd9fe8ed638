#include "layers.hpp"

BOOST_AUTO_TEST_CASE(layers_in_double_equal_pytorch_s) {
    check_layers<double>([](const std::string&, const std::string&) { return 1e-12; });
}

BOOST_AUTO_TEST_CASE(tensors_of_cases_that_are_not_compiled_in_are_found) {
    const auto trace =
        ctgan::io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/trace_small.safetensors");
    const auto unknown = replay::unknown_tensors(trace, replay::reference_cases);
    BOOST_TEST(unknown.size() == trace.tensors().size());
    BOOST_TEST(unknown.front() == "expect.d_loss");
    BOOST_TEST((replay::replay_layers<double, TestBackend>(trace, replay::reference_cases).empty()));
}
