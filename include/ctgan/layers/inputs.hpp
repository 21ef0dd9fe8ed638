#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/messages/several.hpp>

/// Several inputs and outputs of a network.
namespace ctgan::inline CTGAN_ABI {

/// The first entry of a Sequential with several inputs, and their shapes: Flat, Image, or Classes for labels.
/// For example, a generator that is told which digit to draw:
///
///     Sequential<Inputs<Flat<100>, Classes<10>>,
///                Concat<Select<0>, Sequential<Select<1>, Embedding<10, 50>>>, Linear<150, 256>, ...>
///
/// Select passes on one of them. Each one is given to forward() as a batch of its own, in this order.
template <class... Shapes>
struct Inputs : LayerDefaults {
    static auto out(const SeveralShapes<Shapes...>&) -> SeveralShapes<Shapes...>;
    using Takes = SeveralShapes<Shapes...>;
    using Start = SeveralShapes<Shapes...>; ///< a network may begin with it
    using ArgumentError = messages::first_problem<
        messages::require<messages::several_inputs, int{sizeof...(Shapes)}, messages::two_or_more>,
        messages::must_be_a_shape<Shapes>...>;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<Inputs> patterns{.is_identity = true};
};

/// Passes on input K of the network, counted from 0 as by std::get. It follows Inputs, or begins a branch of
/// what follows Inputs.
template <int K>
struct Select : LayerDefaults {
    template <class... Shapes>
        requires(K >= 0 && K < int{sizeof...(Shapes)})
    static auto out(const SeveralShapes<Shapes...>&) -> detail::type_at<K, detail::TypeList<Shapes...>>;
    using Takes = messages::InputsUpTo<K>;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<Select> patterns{.is_identity = true, .selects = K};
};

/// The last entry of a Sequential with several outputs: branches that read the same input and whose results
/// are returned apart, such as a score and the logits of the classes:
///
///     Sequential<..., Outputs<Linear<128, 1>, Linear<128, 10>>>
///
/// forward() returns a tuple of views, and backward() takes a gradient for each.
template <class... Branches>
struct Outputs {};

namespace detail {

/// What follows the branches of Outputs.
template <class... Shapes>
struct OutputsOfBranches : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> SeveralShapes<Shapes...>;
    static constexpr int operands = static_cast<int>(sizeof...(Shapes));
    static constexpr bool reads_input = false;
};

template <class... Shapes>
inline constexpr bool joins_branches<OutputsOfBranches<Shapes...>> = true;

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
