// The gradient of a first Linear layer's weight, which backward_for_update() leaves to the optimizer, has the
// same effect as if it had been stored.

#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>

using namespace training;

namespace {

/// Compares an optimizer's steps from stored gradients with steps from the factors of the first weight's
/// gradient, from the same initial network: all weights must be equal bit for bit.
template <class Net, template <class> class Optimizer>
void check_updates(int batch) {
    using TheNetwork = Network<Net, TestBackend>;
    TheNetwork stored(3), fused(3);
    Optimizer<TheNetwork> of_stored(stored), of_fused(fused);
    BatchOn<typename TheNetwork::input_shape, TestBackend> input(batch);
    BatchOn<typename TheNetwork::output_shape, TestBackend> gradient(batch);
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    for (std::uint64_t step = 0; step < 3; ++step) {
        TestBackend::fill_normal(input.data(), input.size(), 1.0F, {9, step, 1});
        TestBackend::fill_normal(gradient.data(), gradient.size(), 1.0F, {9, step, 2});
        stored.forward_training(input, workspace, {9, step});
        stored.backward(gradient, workspace, gradients);
        of_stored.step(stored, gradients);
        if constexpr (TheNetwork::deferred_layer >= 0) { // the deferred gradient is not read
            constexpr int layer = TheNetwork::deferred_layer;
            TestBackend::fill(gradients.template tensor<layer, 0>(),
                              Net::template layer<layer>::parameters[0].size(), 1e9F);
        }
        fused.forward_training(input, workspace, {9, step});
        const auto factors = fused.backward_for_update(gradient, workspace, gradients);
        of_fused.step(fused, gradients, factors);
    }
    const auto parameters = [](const TheNetwork& network) {
        return transfer::values(network.parameters(), network.arena_size());
    };
    const auto of_stored_gradients = parameters(stored), of_factors = parameters(fused);
    const auto index =
        std::mismatch(of_stored_gradients.begin(), of_stored_gradients.end(), of_factors.begin()).first -
        of_stored_gradients.begin();
    BOOST_TEST(index == stored.arena_size(), "batch " << batch << ": parameter " << index << " differs");
    BOOST_TEST((parameters(TheNetwork(3)) != of_factors));
}

template <class Net>
void check_updates() {
    for (const int batch : {2, 3, 16}) {
        check_updates<Net, Adam>(batch);
        check_updates<Net, SGD>(batch);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(an_update_from_factors_equals_one_from_stored_gradients) {
    check_updates<Sequential<Linear<9, 64>, Tanh, Linear<64, 3>>>();
    check_updates<Sequential<Linear<5, 1>>>();
    check_updates<Sequential<Input<70>, Linear<70, 1>, Sigmoid>>();
    check_updates<Sequential<Input<7>, Linear<7, 245>, ReLU>>(); // a last block of 21
    check_updates<Sequential<Linear<300, 5>, Linear<5, 2>>>();
    // No gradient is deferred if the first layer is not Linear.
    check_updates<Sequential<Input<7>, BatchNorm1d<7>, Linear<7, 33>>>();
}
