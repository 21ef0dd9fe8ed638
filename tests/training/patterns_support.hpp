#pragma once

#include "support.hpp"
#include <array>
#include <vector>

/// What the tests of patterns have in common.
namespace training {

/// The room with these patterns alone.
template <Patterns which>
struct With : Cpu {
    static constexpr Patterns patterns = which;
};
using Plain = With<Patterns::none()>;

/// Output, gradient to the input and gradient to the parameters of one pass.
template <class Net, class Room>
std::array<std::vector<float>, 3> pass(int batch) {
    using TheNetwork = Network<Net, Room>;
    TheNetwork network(3);
    BatchOn<typename TheNetwork::input_shape, Cpu> input(batch);
    BatchOn<typename TheNetwork::output_shape, Cpu> gradient(batch);
    Cpu::fill_normal(input.data(), input.size(), 1.0F, {9, 0, 1});
    Cpu::fill_normal(gradient.data(), gradient.size(), 1.0F, {9, 0, 2});
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    const auto output = network.forward_training(input.view(), workspace, {9, 0});
    std::vector<float> outputs(output.data, output.data + output.size());
    const auto to_input = network.template backward<To::both>(gradient.view(), workspace, &gradients);
    return {outputs, std::vector<float>(to_input.data, to_input.data + to_input.size()),
            std::vector<float>(gradients.data(), gradients.data() + gradients.size())};
}

} // namespace training
