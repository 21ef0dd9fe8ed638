#pragma once

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <array>
#include <vector>

/// Shared by the tests of patterns.
namespace training {

/// The backend with only these patterns.
template <Patterns which>
struct With : TestBackend {
    static constexpr Patterns patterns = which;
};
using Plain = With<Patterns::none()>;

/// Networks with channels that fill registers, so that batches of 16 use tiles, and a first layer of 20 * 49
/// outputs, whose last block is not a whole number of registers.
template <class Backend>
using WideGanOn =
    Gan<dcgan::GeneratorOf<9, 20, 17, 16>, dcgan::DiscriminatorOf<16, 20>, LeastSquares, Backend>;

template <template <class> class TheGan, class Backend>
void check_same_bits(int batch, const Record& plain, const char* what) {
    const Record found = train<TheGan<Backend>>(3, batch, batch);
    BOOST_TEST((found.losses == plain.losses), what << " at batch " << batch << ": other losses");
    BOOST_TEST((found.tensors == plain.tensors), what << " at batch " << batch << ": other weights");
}

/// The output of one pass, and its gradients with respect to the input and the parameters.
template <class Net, class Backend>
std::array<std::vector<float>, 3> pass(int batch) {
    using TheNetwork = Network<Net, Backend>;
    TheNetwork network(3);
    BatchOn<typename TheNetwork::input_shape, Backend> input(batch);
    BatchOn<typename TheNetwork::output_shape, Backend> gradient(batch);
    Backend::fill_normal(input.data(), input.size(), 1.0F, {9, 0, 1});
    Backend::fill_normal(gradient.data(), gradient.size(), 1.0F, {9, 0, 2});
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    const auto output = network.forward_training(input, workspace, {9, 0});
    const auto to_input = network.template backward<WithRespectTo::both>(gradient, workspace, &gradients);
    return {transfer::values(output), transfer::values(to_input), transfer::values(gradients)};
}

} // namespace training
