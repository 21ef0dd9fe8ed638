#include "layers.hpp"

BOOST_AUTO_TEST_CASE(layers_in_float_are_as_close_to_pytorch_s_as_float_allows) {
    check_layers<float>([](const std::string& name, const std::string& what) {
        if (name.starts_with("batch_norm") && what == "grad_input") return 1e-5;
        if (what.starts_with("grad.")) return 5e-6;
        return 1e-6;
    });
}
