#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/network/network.hpp>

#include <stdexcept>
#include <string>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

template <class T>
struct MovedToward {
    T kept;
    CTGAN_HD T operator()(T average, T now) const { return kept * average + (T{1} - kept) * now; }
};

} // namespace detail

/// An exponential moving average of a network's parameters (EMA), for sampling:
///
///     average = decay average + (1 - decay) parameters
///
/// in each update(); running statistics are copied. Equals torch.optim.swa_utils.AveragedModel with
/// get_ema_multi_avg_fn(decay), with the buffers copied.
template <class TheNetwork>
class Averaged {
    using Backend = typename TheNetwork::backend;
    using T = typename TheNetwork::scalar;

  public:
    /// Starts at the present values of `network`. Throws std::invalid_argument unless `decay` is at least 0
    /// and below 1.
    explicit Averaged(const TheNetwork& network, double decay = 0.999) : network_(network), decay_(decay) {
        if (!(decay >= 0 && decay < 1))
            detail::fail(std::invalid_argument("Averaged: found decay = " + std::to_string(decay) +
                                               ", expected at least 0 and below 1"));
    }

    /// Moves the average toward `network`. Call it after each step of the optimizer.
    void update(const TheNetwork& network) {
        Backend::zip(network_.parameters(), static_cast<const T*>(network_.parameters()),
                     network.parameters(), network.arena_size(),
                     detail::MovedToward<T>{static_cast<T>(decay_)});
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
