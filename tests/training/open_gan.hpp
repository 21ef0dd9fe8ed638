#pragma once

#include <ctgan/ctgan.hpp>

#include "support.hpp"
#include <cstddef>
#include <vector>

/// Shared by the tests of a Gan with other objectives and optimizers than the reference's.
namespace training {

inline constexpr std::uint64_t seed = 5;
inline constexpr int batch = 4;

/// All kinds of layers that have parameters or statistics; the generator begins with a Linear layer whose
/// weight gradient is usually left to the optimizer.
using GeneratorNet =
    Sequential<Linear<3, 40>, ReLU, BatchNorm1d<40>, Reshape<10, 2, 2>, ConvTranspose2d<10, 1, 2, 2>, Tanh>;
using DiscriminatorNet = Sequential<Input<1, 4, 4>, Conv2d<1, 3, 3>, LeakyReLU<>, Dropout2d<>, BatchNorm2d<3>,
                                    Flatten, Linear<12, 1>>;
using HingeGan = Gan<GeneratorNet, DiscriminatorNet, Hinge, TestBackend, float, AdamW, RMSprop>;
static_assert(HingeGan::Generator::deferred_layer == 0);
static_assert(std::is_same_v<HingeGan::GeneratorOptimizer, AdamW<HingeGan::Generator>>);
static_assert(std::is_same_v<HingeGan::DiscriminatorOptimizer, RMSprop<HingeGan::Discriminator>>);

/// A hook for whole gradients that does nothing.
inline constexpr auto nothing = [](auto&, auto&) {};

std::vector<float> parameters(const auto& network) {
    return transfer::values(network.parameters(), network.arena_size());
}
std::vector<float> values_of(const auto& gradients) {
    return transfer::values(gradients.data(), gradients.size());
}

/// All state of a Gan that training may change, with the optimizers' states.
template <class TheGan>
Record record_of(const TheGan& gan) {
    Record record;
    append_tensors(gan.generator, record.tensors);
    append_tensors(gan.discriminator, record.tensors);
    const auto append = [&]<class Net, class Rule>(const Optimizer<Net, Rule>& optimizer,
                                                   const Net& network) {
        const auto state = transfer::values(optimizer.state(0), static_cast<Index>(Rule::state_names.size()) *
                                                                    network.arena_size());
        record.tensors.insert(record.tensors.end(), state.begin(), state.end());
        record.losses.push_back(static_cast<double>(optimizer.steps()));
        record.losses.push_back(static_cast<double>(network.training_passes()));
    };
    append(gan.generator_optimizer, gan.generator);
    append(gan.discriminator_optimizer, gan.discriminator);
    return record;
}

} // namespace training
