#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/network/is_network.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/optim/step.hpp>

#include <cstdint>
#include <stdexcept>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// average + (1 - decay) (now - average), which equals `now` exactly if both are equal.
template <class T>
struct MoveToward {
    T one_minus_decay; ///< rounded once: 1 - 0.9999 from a float would be off by 0.01 percent

    /// V is T, or a pack of several T.
    CTGAN_HD_OR_PACKETS
    template <class V>
    CTGAN_HD void operator()(V& average, V now) const {
        average = multiply_add(now - average, V(one_minus_decay), average);
    }
};

} // namespace detail

/// An exponential moving average of a network's parameters (EMA), for sampling:
///
///     average = decay average + (1 - decay) parameters
///
/// in each update(); running statistics are copied. Equals torch.optim.swa_utils.AveragedModel with
/// get_ema_multi_avg_fn(decay), except that the first update() averages, too, where PyTorch's copies the
/// parameters. So the average is all there is to save: to resume, load it into network().
template <class TheNetwork>
class Averaged {
    using Problem = messages::unless<detail::is_network<TheNetwork>, messages::average, messages::a_network,
                                     messages::other_type<TheNetwork>>;
    // Something harmless in place of what is not a Network.
    using Network = std::conditional_t<detail::is_network<TheNetwork>, TheNetwork,
                                       ctgan::Network<Sequential<Linear<1, 1>>>>;
    using Backend = typename Network::backend;
    using T = typename Network::scalar;

  public:
    /// Starts at the present values of `network`. Throws std::invalid_argument unless `decay` is at least 0
    /// and below 1.
    explicit Averaged(const Network& network, double decay = 0.999)
        : network_(0), source_(network.id()), decay_(decay) {
        detail::require_option("Averaged", "decay", decay, decay >= 0 && decay < 1, "at least 0 and below 1");
        Backend::copy(network_.parameters(), network.parameters(), network.arena_size());
        copy_statistics(network);
    }
    /// Only a Network has an average. This constructor only reports the error.
    template <class Given>
        requires(!detail::is_network<Given>)
    explicit Averaged(const Given&, double = 0.999) : Averaged(Network(0)) {}

    /// Moves the average toward `network`. Call it after each step of the optimizer. Throws
    /// std::invalid_argument if `network` is another one than that of the constructor.
    void update(const Network& network) {
        if (network.id() != source_)
            detail::fail_with<std::invalid_argument>(
                {"Averaged: found an update by another network than the one that "
                 "it was constructed with, expected that one"});
        Backend::update(detail::parameter_block(network_), network.parameters(), network.arena_size(),
                        detail::MoveToward<T>{static_cast<T>(1 - decay_)});
        copy_statistics(network);
    }

    /// The average: a network of its own to sample from, to save, and to load into.
    Network& network() { return network_; }
    /// The same, frozen.
    const Network& network() const { return network_; }

  private:
    void copy_statistics(const Network& network) {
        Backend::copy(network_.buffers(), network.buffers(), network.buffers_size());
        network_.set_training_passes(network.training_passes());
    }

    Network network_;
    std::uint64_t source_; ///< the id of the network that is averaged
    double decay_;

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));
};

/// `Averaged average(network, 0.999)` deduces the type of the network.
template <class Given>
explicit Averaged(const Given&, double = 0.999) -> Averaged<Given>;

} // namespace ctgan::inline CTGAN_ABI
