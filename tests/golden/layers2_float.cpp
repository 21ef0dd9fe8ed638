#include "layers2.hpp"

BOOST_AUTO_TEST_CASE(optimizers_in_float_are_as_close_to_pytorch_s_as_float_allows) {
    golden::check_optimizers<float>(1e-6);
}

BOOST_AUTO_TEST_CASE(clipping_in_float_is_as_close_to_pytorch_s_as_float_allows) {
    golden::check_clipping<float>(1e-6);
}

BOOST_AUTO_TEST_CASE(objectives_in_float_are_as_close_to_pytorch_s_as_float_allows) {
    golden::check_objectives<float>(1e-6);
}

BOOST_AUTO_TEST_CASE(networks_with_branches_in_float_equal_pytorch_s) { golden::check_networks<float>(2e-5); }
