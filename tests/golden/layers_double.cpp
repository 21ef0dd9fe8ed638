#include "layers.hpp"

BOOST_AUTO_TEST_CASE(layers_in_double_equal_pytorch_s) {
    check_layers<double>([](const std::string&, const std::string&) { return 1e-12; });
}
