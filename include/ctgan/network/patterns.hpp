#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/network/plan.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI::detail {

/// A layer that does nothing but apply `ElementwiseFunction`, whose output overwrites its input and is kept
/// for the backward pass.
template <class Layer>
concept HasFunction = patterns_of<Layer>
.is_function&& patterns_of<Layer>.in_place&& Layer::reads_output && !Layer::reads_input;

/// The patterns that layer At of a network forms with its adjacent layers, derived from their types. Each
/// pattern can be switched off in the backend (Patterns in backend/backend.hpp).
template <class Net, class Backend, class T, int At>
struct PatternsAt {
    static constexpr Patterns wanted = Backend::patterns;

    using Plan = detail::Plan<Net, Backend, T>;
    template <int J>
    using layer = typename Net::template layer<J>;

    using Memory = typename Plan::Memory;

    /// A Linear layer or convolution followed by an activation: it applies the function before it stores a
    /// value.
    static constexpr bool applies_next_function = [] {
        if constexpr (At + 1 < Net::depth && wanted.fuse_activations)
            if constexpr (patterns_of<layer<At>>.applies_function && HasFunction<layer<At + 1>>)
                return Memory::alone_follows(At + 1) && Memory::shares_memory(At + 1);
        return false;
    }();
    static constexpr auto function() {
        if constexpr (applies_next_function)
            return typename layer<At + 1>::ElementwiseFunction{};
        else
            return IdentityFunction{};
    }

    /// An activation followed by a normalization or dropout: in the backward pass the latter multiplies
    /// its own result by the activation's derivative. The value of the activation is its input, which is
    /// kept.
    static constexpr bool applies_previous_slope = [] {
        if constexpr (At > 0 && wanted.fuse_activation_slopes)
            if constexpr (patterns_of<layer<At>>.applies_slope && HasFunction<layer<At - 1>>)
                return Memory::alone_follows(At);
        return false;
    }();
    static constexpr auto previous_function() {
        if constexpr (applies_previous_slope)
            return typename layer<At - 1>::ElementwiseFunction{};
        else
            return IdentityFunction{};
    }

    /// The dropout whose zero channels a convolution can skip, or -1. In the forward pass it is the layer
    /// directly before the convolution. In the backward pass it is the layer directly after it, or after an
    /// activation in between, which keeps zeros.
    static constexpr int dropout_before = [] {
        if constexpr (At > 0 && wanted.skip_dropped_channels)
            if constexpr (patterns_of<layer<At>>.skips_channels && patterns_of<layer<At - 1>>.drops_channels)
                return Memory::follows(At) ? At - 1 : -1;
        return -1;
    }();
    static constexpr int dropout_after = [] {
        if constexpr (At + 1 < Net::depth && wanted.skip_dropped_channels &&
                      patterns_of<layer<At>>.skips_channels) {
            if constexpr (patterns_of<layer<At + 1>>.drops_channels)
                return Memory::alone_follows(At + 1) ? At + 1 : -1;
            if constexpr (At + 2 < Net::depth && HasFunction<layer<At + 1>>)
                if constexpr (patterns_of<layer<At + 2>>.drops_channels)
                    return Memory::alone_follows(At + 1) && Memory::alone_follows(At + 2) ? At + 2 : -1;
        }
        return -1;
    }();

    /// A Linear layer at the beginning of the network: the gradient with respect to its weight is a sum
    /// of few outer products, which an optimizer can compute when it updates the weight.
    static constexpr bool weight_gradient_is_product = wanted.update_from_factors &&
                                                       At == Plan::first_to_run &&
                                                       patterns_of<layer<At>>.weight_gradient_is_product;
};

} // namespace ctgan::inline CTGAN_ABI::detail
