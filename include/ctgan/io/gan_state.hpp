#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/gan/gan.hpp>
#include <ctgan/io/network_text.hpp>
#include <ctgan/io/weights.hpp>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

/// The complete training state of a Gan, as tensors of a checkpoint. Both networks are stored under
/// "generator." and "discriminator." and the names of PyTorch's state_dict(). The generator's optimizer is
/// stored as "generator_optimizer.step" and, for each parameter, "generator_optimizer.STATE.NAME", where
/// STATE is PyTorch's name of what the optimizer keeps: exp_avg and exp_avg_sq of Adam. The discriminator's
/// optimizer is stored in the same way under "discriminator_optimizer.".
///
/// A checkpoint may hold more. An average of the generator's weights (optim/averaged.hpp) is another network:
/// `gather_weights(tensors, average.network(), names.generator, "average.")` adds it,
/// `load_weights(file, average.network(), names.generator, "average.")` restores it, and `load_network(path,
/// generator, names.generator, "average")` loads it to sample from.
namespace ctgan::inline CTGAN_ABI::io {

/// The names of the layers that have tensors, in their order, for each network.
struct GanNames {
    LayerNames generator;     ///< such as dcgan::generator_names
    LayerNames discriminator; ///< such as dcgan::discriminator_names
};

namespace detail {

/// Calls f(name, TensorSpec, data, k) for the values that an optimizer's state k has for each parameter.
template <class Network, class Optimizer, class F>
void for_each_state(const Network& network, Optimizer& optimizer, const LayerNames& layers,
                    const std::string& prefix, F&& f) {
    constexpr auto& names = Optimizer::rule::state_names;
    for_each_named_tensor(
        network, layers,
        [&](const std::string& name, const TensorSpec& tensor, const auto* data) {
            if (tensor.role == Role::running_mean || tensor.role == Role::running_variance) return;
            for (int k = 0; k < static_cast<int>(names.size()); ++k)
                f(prefix + names[static_cast<std::size_t>(k)] + "." + name, tensor,
                  optimizer.state(k) + (data - network.parameters()), k);
        },
        [](const std::string&) {});
}

template <class Network, class Rule>
void gather_optimizer(TensorsToWrite& tensors, const Network& network,
                      const Optimizer<Network, Rule>& optimizer, const LayerNames& layers,
                      const std::string& prefix) {
    using Backend = typename Network::backend;
    tensors.add(prefix + "step", optimizer.steps());
    for_each_state(network, optimizer, layers, prefix,
                   [&](const std::string& name, const TensorSpec& tensor, const auto* data, int) {
                       tensors.add<Backend>(name, tensor, data);
                   });
}

template <class Network, class Rule>
void restore_optimizer(const SafetensorsFile& file, const Network& network,
                       Optimizer<Network, Rule>& optimizer, const LayerNames& layers,
                       const std::string& prefix) {
    using T = typename Network::scalar;
    std::set<std::string, std::less<>> expected{prefix + "step"};
    for_each_state(network, optimizer, layers, prefix,
                   [&](const std::string& name, const TensorSpec&, const T*, int) { expected.insert(name); });
    for (const auto& [name, tensor] : file.tensors())
        if (name.starts_with(prefix) && !expected.contains(name))
            throw Error(file.path(), tensor.offset, "tensor " + in_quotes(name),
                        "only tensors that " + std::string(Rule::name) + " keeps for these layers");
    for_each_state(network, optimizer, layers, prefix,
                   [&](const std::string& name, TensorSpec tensor, T* data, int k) {
                       if (k == Rule::squares)
                           tensor.role = Role::running_variance; // weights_of() rejects negative ones
                       const std::vector<T> values = weights_of<T>(file, name, tensor);
                       std::vector<T> in_memory_order(values.size());
                       from_pytorch_order(in_memory_order.data(), values.data(), tensor);
                       Network::backend::from_host(data, in_memory_order.data(), tensor.size());
                   });
    const auto steps = file.value<std::int64_t>(prefix + "step");
    constexpr std::int64_t most = std::int64_t{1} << 62; // so later steps cannot overflow the counter
    if (steps < 0 || steps > most)
        throw Error(file.path(), file.tensor(prefix + "step").offset,
                    std::to_string(steps) + " in tensor " + in_quotes(prefix + "step"),
                    "a number of steps from 0 to 2^62");
    optimizer.set_steps(steps);
}

} // namespace detail

/// Adds the training state of a Gan to `tensors`. The Gan must outlive `tensors`, and must not be trained
/// before they are written.
template <class TheGan>
void gather_gan(TensorsToWrite& tensors, const TheGan& gan, const GanNames& names) {
    gather_weights(tensors, gan.generator, names.generator, "generator.");
    gather_weights(tensors, gan.discriminator, names.discriminator, "discriminator.");
    detail::gather_optimizer(tensors, gan.generator, gan.generator_optimizer, names.generator,
                             "generator_optimizer.");
    detail::gather_optimizer(tensors, gan.discriminator, gan.discriminator_optimizer, names.discriminator,
                             "discriminator_optimizer.");
}

/// Restores the training state from a checkpoint with these tensors: training continues as if it had never
/// stopped if the Gan was constructed with the same seed and options, and critic_steps and the learning rates
/// are set as before, which the program knows. Throws Error if a tensor is missing, has another shape or is
/// not finite, or if an optimizer would not keep it; the Gan must not be used after that. The checkpoint does
/// not say which optimizer wrote it: AdamW, which keeps what Adam keeps, continues from Adam's state.
template <class TheGan>
void restore_gan(const SafetensorsFile& file, TheGan& gan, const GanNames& names) {
    load_weights(file, gan.generator, names.generator, "generator.");
    load_weights(file, gan.discriminator, names.discriminator, "discriminator.");
    detail::restore_optimizer(file, gan.generator, gan.generator_optimizer, names.generator,
                              "generator_optimizer.");
    detail::restore_optimizer(file, gan.discriminator, gan.discriminator_optimizer, names.discriminator,
                              "discriminator_optimizer.");
}

} // namespace ctgan::inline CTGAN_ABI::io
