#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/layers/layer.hpp>

namespace ctgan::inline CTGAN_ABI {

/// Returns its input: y = x. As a branch it is the connection past the others. Equals torch.nn.Identity().
struct Identity : LayerDefaults {
    template <int N>
    static auto out(Flat<N>) -> Flat<N>;
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Image<C, H, W>;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<Identity> patterns{.is_identity = true};
};

/// y = A(x) + B(x) + ..., added up in this order. A branch is a layer or a Sequential; all of them take the
/// same input and return the same shape.
template <class... Branches>
struct Add {};

/// The channels of A(x), then those of B(x) and so on: torch.cat([a(x), b(x)], dim=1). All branches take the
/// same input and return images of one height and width, or flat samples.
template <class... Branches>
struct Concat {};

/// y = Shortcut(x) + Body(x), a residual block. Without a shortcut, y = x + Body(x).
///
/// A layer that begins the body does not change what the shortcut reads, so with a ReLU there the shortcut
/// takes x as it was before.
template <class Body, class Shortcut = Identity>
struct Residual {};

namespace detail {

/// What follows the branches of an Add or a Residual: the sum of `Branches` operands. A network's plan gives
/// it its operands (network/walk.hpp).
template <int Branches>
struct SumOfBranches : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    static constexpr int operands = Branches;
    static constexpr bool reads_input = false;
};
/// What follows the branches of a Concat. `Channels` are those of its operands.
template <class Out, int... Channels>
struct ChannelsOfBranches : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Out;
    static constexpr int operands = static_cast<int>(sizeof...(Channels));
    static constexpr bool reads_input = false;
    static constexpr int channels[] = {Channels...};
    /// Where the channels of an operand begin.
    static constexpr int first(int operand) {
        int sum = 0;
        for (int k = 0; k < operand; ++k) sum += channels[k];
        return sum;
    }
};

template <class Layer>
inline constexpr bool is_sum = false;
template <int Branches>
inline constexpr bool is_sum<SumOfBranches<Branches>> = true;

template <int Branches>
inline constexpr bool joins_branches<SumOfBranches<Branches>> = true;
template <class Out, int... Channels>
inline constexpr bool joins_branches<ChannelsOfBranches<Out, Channels...>> = true;

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
