#include "layers.hpp"

BOOST_AUTO_TEST_CASE(layers_in_double_equal_pytorch_s) {
    check_layers<double>([](const std::string&, const std::string&) { return 1e-12; });
}

BOOST_AUTO_TEST_CASE(a_file_with_a_case_that_is_not_compiled_in_is_refused) {
    const auto trace =
        ctgan::io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/trace_small.safetensors");
    BOOST_CHECK_EXCEPTION((replay::replay_layers<double, TestBackend>(trace)), ctgan::io::Error,
                          [](const auto& error) {
                              return std::string(error.what()).find("'expect.d_loss'") != std::string::npos;
                          });
}
