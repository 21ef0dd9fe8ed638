#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/network/chain.hpp>
#include <ctgan/network/graph.hpp>

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// A list of layers as a network: the shape that enters it, and what is wrong with it.
template <class List>
struct Chain;

template <>
struct Chain<LayerList<>> {
    using Types = TypeList<>;
    using Start = messages::Nothing;
    static constexpr int count = 0;
    static constexpr bool branches = false;
    using Problem = messages::Invalid<messages::the_sequential, messages::has_no_layer>;
};
template <class First, class... Rest>
struct Chain<LayerList<First, Rest...>> {
    using Types = TypeList<First, Rest...>;
    using Start = typename StartOf<First>::type;
    static constexpr int count = static_cast<int>(sizeof...(Rest)) + 1;
    // An array, because a fold expression over many layers would nest too deeply.
    static constexpr bool branches = [] {
        constexpr bool exist[] = {BranchesOf<First>::exist, BranchesOf<Rest>::exist...};
        return std::find(std::begin(exist), std::end(exist), true) != std::end(exist);
    }();
    using Problem = typename ProblemOf<typename ShapeAfter<Types, Start, count>::type>::type;
};

} // namespace detail

/// A network as a type: layers one after the other, each checked against the output shape of the layer before
/// it. Layers with branches (layers/branches.hpp) contain others, and so on.
///
/// It is only a description: Network owns the parameters, a workspace the activations. It begins with Linear,
/// whose input shape is known, or with Input<C, H, W> or Input<N>. A nested Sequential counts as its layers.
/// If a layer does not take the shape that reaches it, there is one error, such as "layer 3: ConvTranspose2d
/// takes [64, H, W] but is given [128, 7, 7]"; layers are counted from 1, those of nested Sequentials
/// included. A layer within branches is "layer 4, branch 2, layer 1".
template <class... Layers>
struct Sequential {
  private:
    using Chain = detail::Chain<typename detail::FlattenedLayers<Layers...>::type>;
    using Problem = typename Chain::Problem;

    template <int At>
    using shape_or_invalid =
        typename detail::ShapeAfter<typename Chain::Types, typename Chain::Start, At>::type;

    template <int At = Chain::count>
    static constexpr int count_valid() {
        if constexpr (At > 0 && is_invalid<shape_or_invalid<At>>)
            return count_valid<At - 1>();
        else
            return At;
    }

  public:
    /// The flat list of its layers.
    using graph = detail::Graph<typename Chain::Types, typename Chain::Start, count_valid(), Chain::branches>;
    /// False after a mistake. The network then consists of the layers before it, so that nothing else is
    /// reported.
    static constexpr bool valid = std::is_same_v<Problem, messages::NoProblem>;
    /// The number of layers. A layer with branches counts as those of its branches and one that joins them.
    static constexpr int depth = graph::depth;

    /// Layer I, counted from 0 as by std::get: without branches, the layer that messages call number I + 1.
    template <int At>
    using layer = typename graph::template layer<At>;
    /// The shape of what layer I is given.
    template <int At>
    using given = typename graph::template given<At>;
    /// The shape of what layer I - 1 returns; shape<0> enters the network.
    template <int At>
    using shape = typename graph::template shape<At>;
    /// What messages call layer I.
    template <int At>
    using place = typename graph::template place<At>;
    /// The shape that enters the network.
    using input_shape = shape_or_invalid<0>;
    /// The shape that leaves it.
    using output_shape = shape_or_invalid<Chain::count>;

    /// A Sequential is only a description. These functions only report the error.
    template <class... Arguments>
    static auto forward(const Arguments&...) -> View<output_shape, const float> {
        using OnlyDescribed =
            messages::Invalid<messages::the_sequential, messages::is_only_a_description<Arguments...>>;
        CTGAN_REQUIRE (OnlyDescribed) {
        }
        return {};
    }
    template <class... Arguments>
    static auto forward_training(const Arguments&...) -> View<output_shape, const float> {
        using OnlyDescribed =
            messages::Invalid<messages::the_sequential, messages::is_only_a_description<Arguments...>>;
        CTGAN_REQUIRE (OnlyDescribed) {
        }
        return {};
    }

    /// What is wrong if nothing states the shape that enters it. That is no mistake in a Sequential within
    /// branches, so Network reports it.
    using MissingInput =
        std::conditional_t<messages::is_missing_input<Problem>, Problem, messages::NoProblem>;

  private:
    using OwnProblem = std::conditional_t<messages::is_missing_input<Problem>, messages::NoProblem, Problem>;

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<OwnProblem>::text>, CTGAN_MESSAGE(OwnProblem));
};

} // namespace ctgan::inline CTGAN_ABI
