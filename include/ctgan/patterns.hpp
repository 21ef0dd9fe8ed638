#pragma once

#include <ctgan/plan.hpp>

#include <type_traits>

namespace ctgan::detail {

/// A layer that does nothing but apply `ElementwiseFunction`, whose output overwrites its input and stays for
/// the way back.
template <class Layer>
concept HasFunction = requires {
    typename Layer::ElementwiseFunction;
}
&&std::is_same_v<typename Layer::Elementwise, Layer>&& Layer::in_place&& Layer::reads_output &&
    !Layer::reads_input;

/// What the types of neighbouring layers say about layer I of a network, beyond what it knows itself. Each
/// pattern can be switched off in the backend (Patterns in backend.hpp).
template <class Net, class Backend, class T, int I>
struct PatternsAt {
    static constexpr Patterns wanted = Backend::patterns;

    using Plan = detail::Plan<Net, Backend, T>;
    template <int J>
    using layer = typename Net::template layer<J>;

    /// Whether the activations in front of layer J and behind it share their memory, in every workspace.
    template <int J>
    static constexpr bool shares_memory() {
        constexpr auto& training = Plan::template blocks<Purpose::training>.at;
        constexpr auto& inference = Plan::template blocks<Purpose::inference>.at;
        return training[J] == training[J + 1] && inference[J] == inference[J + 1];
    }

    /// A product or convolution, then a function of each number: the first applies it before a number leaves
    /// it.
    static constexpr bool applies_next_function = [] {
        if constexpr (I + 1 < Net::depth && wanted.functions_behind_products)
            if constexpr (layer<I>::applies_function && HasFunction<layer<I + 1>>)
                return shares_memory<I + 1>();
        return false;
    }();
    static constexpr auto function() {
        if constexpr (applies_next_function)
            return typename layer<I + 1>::ElementwiseFunction{};
        else
            return Identity{};
    }

    /// A normalization or dropout behind a function: on the way back it applies the function's slope to what
    /// leaves it. The function's value, its own input, is there.
    static constexpr bool applies_previous_slope = [] {
        if constexpr (I > 0 && wanted.slopes_from_behind)
            if constexpr (layer<I>::applies_slope && HasFunction<layer<I - 1>>) return true;
        return false;
    }();
    static constexpr auto previous_function() {
        if constexpr (applies_previous_slope)
            return typename layer<I - 1>::ElementwiseFunction{};
        else
            return Identity{};
    }

    /// The dropout whose zeros a convolution meets: on the way forward right in front of it, on the way back
    /// behind it, where a function between the two keeps zeros. -1 where there is none.
    static constexpr int dropout_in_front = [] {
        if constexpr (I > 0 && wanted.dropped_channels)
            if constexpr (layer<I>::skips_channels && layer<I - 1>::drops_channels) return I - 1;
        return -1;
    }();
    static constexpr int dropout_behind = [] {
        if constexpr (I + 1 < Net::depth && wanted.dropped_channels && layer<I>::skips_channels) {
            if constexpr (layer<I + 1>::drops_channels) return I + 1;
            if constexpr (I + 2 < Net::depth && HasFunction<layer<I + 1>>)
                if constexpr (layer<I + 2>::drops_channels) return I + 2;
        }
        return -1;
    }();

    /// The gradient of a weight at the network's beginning, a sum of few outer products: an optimizer may
    /// make it where it uses it.
    static constexpr bool weight_gradient_is_product =
        wanted.updates_from_products && I == Plan::first_to_run && layer<I>::weight_gradient_is_product;
};

} // namespace ctgan::detail
