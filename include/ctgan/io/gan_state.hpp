#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/gan/gan.hpp>
#include <ctgan/io/network_text.hpp>
#include <ctgan/io/weights.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

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

/// The names for the networks of `TheGan`: automatic_names, or those that are given for each network as
/// LayerNamesFor takes them, or as GanNames.
template <class TheGan>
struct GanNamesFor {
    using Generator = LayerNamesFor<typename TheGan::Generator>;         ///< for the generator
    using Discriminator = LayerNamesFor<typename TheGan::Discriminator>; ///< for the discriminator

    /// The automatic names.
    constexpr GanNamesFor() = default;
    /// Names for each network, such as `{generator_names, discriminator_names}`.
    constexpr GanNamesFor(const Generator& of_generator, const Discriminator& of_discriminator)
        : generator(of_generator), discriminator(of_discriminator) {}
    /// These names.
    constexpr GanNamesFor(const GanNames& names)
        : generator(names.generator), discriminator(names.discriminator) {}

    Generator generator;         ///< the names of the generator's layers
    Discriminator discriminator; ///< the names of the discriminator's layers
};

namespace detail {

/// What an optimizer keeps for the parameters of a network, without the types of both. T is const if it is
/// read-only.
template <class T>
struct OptimizerMemory {
    const char* rule; ///< its name, for messages
    std::span<const char* const> state_names;
    int squares; ///< the state that is never negative, or -1
    T* states;   ///< state 0 of all parameters, then state 1, and so on, in the backend's memory
    Index size;  ///< values in one state
};

template <class Network, class TheOptimizer>
auto optimizer_memory(const Network& network, TheOptimizer& optimizer) {
    using Rule = typename TheOptimizer::rule;
    return OptimizerMemory<std::remove_pointer_t<decltype(optimizer.state(0))>>{
        Rule::name, Rule::state_names, Rule::squares, optimizer.state(0), network.arena_size()};
}

template <class T>
void gather_optimizer(TensorsToWrite& tensors, const TensorMemory<const T>& network,
                      const OptimizerMemory<const T>& optimizer, std::int64_t steps, const LayerNames& layers,
                      const std::string& prefix);

/// Returns the number of steps.
template <class T>
std::int64_t restore_optimizer(const SafetensorsFile& file, const TensorMemory<T>& network,
                               const OptimizerMemory<T>& optimizer, const LayerNames& layers,
                               const std::string& prefix);

template <class Network, class TheOptimizer>
void gather_optimizer_of(TensorsToWrite& tensors, const Network& network, const TheOptimizer& optimizer,
                         const LayerNames& layers, const std::string& prefix) {
    gather_optimizer(tensors, ctgan::detail::tensor_memory(network), optimizer_memory(network, optimizer),
                     optimizer.steps(), layers, prefix);
}

template <class Network, class TheOptimizer>
void restore_optimizer_of(const SafetensorsFile& file, Network& network, TheOptimizer& optimizer,
                          const LayerNames& layers, const std::string& prefix) {
    optimizer.set_steps(restore_optimizer(file, ctgan::detail::tensor_memory(network),
                                          optimizer_memory(network, optimizer), layers, prefix));
}

} // namespace detail

/// Adds the training state of a Gan to `tensors`, with the automatic_names of both networks or those that are
/// given. The Gan must outlive `tensors`, and must not be trained
/// before they are written.
template <class TheGan>
void gather_gan(TensorsToWrite& tensors, const TheGan& gan,
                const std::type_identity_t<GanNamesFor<TheGan>>& names = {}) {
    gather_weights(tensors, gan.generator, names.generator, "generator.");
    gather_weights(tensors, gan.discriminator, names.discriminator, "discriminator.");
    detail::gather_optimizer_of(tensors, gan.generator, gan.generator_optimizer, names.generator,
                                "generator_optimizer.");
    detail::gather_optimizer_of(tensors, gan.discriminator, gan.discriminator_optimizer, names.discriminator,
                                "discriminator_optimizer.");
}

/// Restores the training state from a checkpoint with these tensors, which has the same names: training
/// continues as if it had never stopped if the Gan was constructed with the same seed and options, and
/// critic_steps and the learning rates are set as before, which the program knows. Throws Error if a tensor
/// is missing, has another shape or is not finite, or if an optimizer would not keep it; the Gan must not be
/// used after that. The checkpoint does not say which optimizer wrote it: AdamW, which keeps what Adam keeps,
/// continues from Adam's state.
template <class TheGan>
void restore_gan(const SafetensorsFile& file, TheGan& gan,
                 const std::type_identity_t<GanNamesFor<TheGan>>& names = {}) {
    load_weights(file, gan.generator, names.generator, "generator.");
    load_weights(file, gan.discriminator, names.discriminator, "discriminator.");
    detail::restore_optimizer_of(file, gan.generator, gan.generator_optimizer, names.generator,
                                 "generator_optimizer.");
    detail::restore_optimizer_of(file, gan.discriminator, gan.discriminator_optimizer, names.discriminator,
                                 "discriminator_optimizer.");
}

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/gan_state.hpp>
#endif
