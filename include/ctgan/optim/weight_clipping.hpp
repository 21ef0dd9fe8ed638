#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/optim/optimizer.hpp>

#include <ratio>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// The nearest value from -bound to bound; NaN stays NaN.
template <class T>
struct Clamp {
    T bound;
    CTGAN_HD T operator()(T x) const { return x > bound ? bound : x < -bound ? -bound : x; }
};

} // namespace detail

/// An optimizer that clips all parameters of the network to [-Bound, Bound] after each of its steps: what
/// bounds the slope of a critic in the first WGAN (Arjovsky et al. 2017). PyTorch programs call
/// `p.clamp_(-bound, bound)`. `Bound` is a std::ratio or a Value above 0. For a Gan it is named once:
///
///     template <class Network>
///     using Clipped = WeightClipping<RMSprop<Network>>;
///     Gan<Generator, Critic, Wasserstein, Cpu, float, RMSprop, Clipped> gan(...);
template <class Base, class Bound = std::ratio<1, 100>>
struct WeightClipping : Base {
    static_assert(Bound::num > 0 && Bound::den > 0, "ctgan: WeightClipping takes a bound above 0");
    using Base::Base;

    /// A step of the optimizer, then the clipping; its arguments.
    template <class GivenNetwork, class... Arguments>
    void step(GivenNetwork& network, const Arguments&... arguments) {
        using B = typename GivenNetwork::backend;
        using Scalar = typename GivenNetwork::scalar;
        constexpr Scalar bound = static_cast<Scalar>(Bound::num) / static_cast<Scalar>(Bound::den);
        B::in_region([&] {
            Base::step(network, arguments...);
            B::map(network.parameters(), static_cast<const Scalar*>(network.parameters()),
                   network.arena_size(), detail::Clamp<Scalar>{bound});
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI
