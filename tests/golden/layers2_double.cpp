#include "layers2.hpp"

BOOST_AUTO_TEST_CASE(optimizers_in_double_equal_pytorch_s) { golden::check_optimizers<double>(1e-12); }

BOOST_AUTO_TEST_CASE(clipping_in_double_equals_pytorch_s) { golden::check_clipping<double>(1e-12); }

BOOST_AUTO_TEST_CASE(objectives_in_double_equal_pytorch_s) { golden::check_objectives<double>(1e-12); }

BOOST_AUTO_TEST_CASE(networks_with_branches_in_double_equal_pytorch_s) {
    golden::check_networks<double>(1e-12);
}
