// Optimizers, clipped gradients, objectives of GANs and networks with branches against PyTorch's results.

#include "../../examples/replay/optimizer_cases.hpp"

#include "../../examples/replay/branch_cases.hpp"
#include "../../examples/replay/objective_cases.hpp"
#include "check_cases.hpp"

// Five optimizers, and the norm and two gradients of the clipping.
BOOST_AUTO_TEST_CASE(optimizers_and_clipping_equal_pytorch_s) {
    golden::check_cases<double>(replay::optimizer_cases, 1e-12, 5 + 3);
    golden::check_cases<float>(replay::optimizer_cases, 1e-6, 5 + 3);
}

// Each a loss and two gradients.
BOOST_AUTO_TEST_CASE(objectives_equal_pytorch_s) {
    golden::check_cases<double>(replay::objective_cases, 1e-12, 5 * 3);
    golden::check_cases<float>(replay::objective_cases, 1e-6, 5 * 3);
}

// The residual block has eight parameters and four buffers and two counts, the others six and ten parameters.
// All but the block in training mode also in a Frozen network.
BOOST_AUTO_TEST_CASE(networks_with_branches_equal_pytorch_s) {
    golden::check_cases<double>(replay::branch_cases, 1e-12, 16 + 17 + 9 + 13);
    golden::check_cases<float>(replay::branch_cases, 2e-5, 16 + 17 + 9 + 13);
}
