#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/optim/step.hpp>

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
    using Backend = typename TheNetwork::backend;
    using T = typename TheNetwork::scalar;

  public:
    /// Starts at the present values of `network`. Throws std::invalid_argument unless `decay` is at least 0
    /// and below 1.
    explicit Averaged(const TheNetwork& network, double decay = 0.999) : network_(network), decay_(decay) {
        detail::require_option("Averaged", "decay", decay, decay >= 0 && decay < 1, "at least 0 and below 1");
    }

    /// Moves the average toward `network`. Call it after each step of the optimizer.
    void update(const TheNetwork& network) {
        Backend::update(detail::parameter_block(network_), network.parameters(), network.arena_size(),
                        detail::MoveToward<T>{static_cast<T>(1 - decay_)});
        Backend::copy(network_.buffers(), network.buffers(), network.buffers_size());
        network_.set_training_passes(network.training_passes());
    }

    /// The average: a network to sample from, to save, and to load into.
    TheNetwork& network() { return network_; }
    /// The same, frozen.
    const TheNetwork& network() const { return network_; }

  private:
    TheNetwork network_;
    double decay_;
};

} // namespace ctgan::inline CTGAN_ABI
