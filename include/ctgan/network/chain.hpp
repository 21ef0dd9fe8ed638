#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/inputs.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/messages/branch_errors.hpp>
#include <ctgan/network/layer_problems.hpp>

#include <type_traits>
#include <utility>

/// The shapes between the layers of a network, and the first mistake in them. A layer's place is its path:
/// its number, or that of a layer with branches, the number of the branch and the layer's number there.
namespace ctgan::inline CTGAN_ABI {

template <class... Layers>
struct Sequential;

namespace detail {

/// The shape of a layer's output, or InvalidShape if something is wrong with the layer or with what it is
/// given.
template <class Layer, class Given, int... Path>
struct OutputShape {
    using type = InvalidShape<decltype(problem_of_layer<Layer, Given, Path...>())>;
};
template <class Layer, class Given, int... Path>
    requires ValidLayer<Layer, Given>
struct OutputShape<Layer, Given, Path...> {
    using type = output_of<Layer, Given>;
};
/// After the first problem nothing is checked: one mistake, one error.
template <class Layer, class Problem, int... Path>
struct OutputShape<Layer, InvalidShape<Problem>, Path...> {
    using type = InvalidShape<Problem>;
};

/// The shape after the first I layers of a list. `Outer` is the path to the list, empty for the network's.
template <class Layers, class Start, int At, int... Outer>
struct ShapeAfter {
    using type =
        typename OutputShape<type_at<At - 1, Layers>,
                             typename ShapeAfter<Layers, Start, At - 1, Outer...>::type, Outer..., At>::type;
};
template <class Layers, class Start, int... Outer>
struct ShapeAfter<Layers, Start, 0, Outer...> {
    using type = Start;
};

template <class Last>
struct ProblemOf {
    using type = messages::NoProblem;
};
template <class Problem>
struct ProblemOf<InvalidShape<Problem>> {
    using type = Problem;
};

template <class... Layers>
struct LayerList {};

/// The layers of a Sequential, with each nested Sequential replaced by its layers.
template <class... Layers>
struct FlattenedLayers;

template <class Layer>
struct LayersIn {
    using type = LayerList<Layer>;
};
template <class... Layers>
struct LayersIn<Sequential<Layers...>> {
    using type = typename FlattenedLayers<Layers...>::type;
};

template <class Done, class... Rest>
struct Joined {
    using type = Done;
};
template <class... Done, class... Next, class... Rest>
struct Joined<LayerList<Done...>, LayerList<Next...>, Rest...>
    : Joined<LayerList<Done..., Next...>, Rest...> {};

template <class Layer>
inline constexpr bool is_sequential = false;
template <class... Layers>
inline constexpr bool is_sequential<Sequential<Layers...>> = true;

template <class... Layers>
struct FlattenedLayers {
    using type = LayerList<Layers...>;
};
template <class... Layers>
    requires(std::disjunction_v<std::bool_constant<is_sequential<Layers>>...>)
struct FlattenedLayers<Layers...> : Joined<LayerList<>, typename LayersIn<Layers>::type...> {};

template <class List>
struct ListOf;
template <class... Layers>
struct ListOf<LayerList<Layers...>> {
    using Types = TypeList<Layers...>;
    static constexpr int count = static_cast<int>(sizeof...(Layers));
};
/// The layers of a branch, which is a layer or a Sequential.
template <class Branch>
using LayersOfBranch = ListOf<typename LayersIn<Branch>::type>;

// ---- Layers with branches.

/// Branches that return one shape, and their sum.
struct SameShape {
    using Takes = messages::branches_of_one_shape;
    static constexpr bool within_branches = true;
    template <class First, class Other>
    static constexpr bool fits(First, Other) {
        return std::is_same_v<First, Other>;
    }
    template <int N, int M>
    static constexpr bool fits(const Classes<N>&, const Classes<M>&) {
        return false;
    }
    template <class First, class... Rest>
    static auto join(First, Rest...) -> SumOfBranches<1 + static_cast<int>(sizeof...(Rest))>;
};
/// Branches whose channels can be put together.
struct SameSize {
    using Takes = messages::branches_of_one_size;
    static constexpr bool within_branches = true;
    template <class First, class Other>
    static constexpr bool fits(First, Other) {
        return false;
    }
    template <int N, int M>
    static constexpr bool fits(Flat<N>, Flat<M>) {
        return true;
    }
    template <int C, int D, int H, int W>
    static constexpr bool fits(Image<C, H, W>, Image<D, H, W>) {
        return true;
    }
    template <int... Ns>
    static auto join(Flat<Ns>...) -> ChannelsOfBranches<Flat<(0 + ... + Ns)>, Ns...>;
    template <int H, int W, int... Cs>
    static auto join(Image<Cs, H, W>...) -> ChannelsOfBranches<Image<(0 + ... + Cs), H, W>, Cs...>;
};

/// Branches that return anything but labels, apart.
struct AnyShapes {
    using Takes = messages::branches_without_labels;
    static constexpr bool within_branches = false;
    template <class First, class Other>
    static constexpr bool fits(const First&, const Other&) {
        return std::is_copy_constructible_v<First> && std::is_copy_constructible_v<Other>;
    }
    template <class... Shapes>
    static auto join(Shapes...) -> OutputsOfBranches<Shapes...>;
};

/// The branches of a layer that has them, the numbers of these in messages, and what they have to return.
template <class Layer>
struct BranchesOf {
    static constexpr bool exist = false;
};
template <class... Branches>
struct Alternatives {
    static constexpr bool exist = true;
    using All = Alternatives;
    static constexpr int count = static_cast<int>(sizeof...(Branches));
    using Types = TypeList<Branches...>;
    static constexpr int number(int branch) { return branch + 1; }
};
template <class... Branches>
struct BranchesOf<Add<Branches...>> : Alternatives<Branches...> {
    using Rule = SameShape;
    using Name = messages::name_only::Add;
};
template <class... Branches>
struct BranchesOf<Concat<Branches...>> : Alternatives<Branches...> {
    using Rule = SameSize;
    using Name = messages::name_only::Concat;
};
template <class... Branches>
struct BranchesOf<Outputs<Branches...>> : Alternatives<Branches...> {
    using Rule = AnyShapes;
    using Name = messages::name_only::Outputs;
};
template <class Body, class Shortcut>
struct BranchesOf<Residual<Body, Shortcut>> : Alternatives<Body, Shortcut> {
    using Rule = SameShape;
    using Name = messages::name_only::Residual;
    static constexpr int number(int branch) {
        return branch == 0 ? messages::the_body : messages::the_shortcut;
    }
};

/// The shape that a branch returns, and the first mistake in it.
template <class Branch, class Given, int... Path>
struct OutputOfBranch {
    using type = typename ShapeAfter<typename LayersOfBranch<Branch>::Types, Given,
                                     LayersOfBranch<Branch>::count, Path...>::type;
};

/// Two branches that do not fit together.
template <class Layer, class Place, class Given, int First, class Shape, int Other, class OtherShape>
struct ProblemOfTwo {
    using type = messages::Mismatch<
        Place, messages::takes<typename BranchesOf<Layer>::Rule::Takes>,
        messages::but_is_given<messages::shapes_of_branches<First, Shape, Other, OtherShape>>>;
};
template <class Body, class Place, class Given, int First, class Shape, int Other>
struct ProblemOfTwo<Residual<Body, Identity>, Place, Given, First, Shape, Other, Given> {
    using type =
        messages::Mismatch<Place, messages::takes<messages::body_that_returns<Given>>,
                           messages::but_is_given<messages::body_that_needs_a_shortcut<Given, Shape>>>;
};

/// What a layer with branches makes of a shape.
template <class Layer, class Given, class Indices, int... Path>
struct JoinOfBranches;
template <class Layer, class Given, int... Is, int... Path>
struct JoinOfBranches<Layer, Given, std::integer_sequence<int, Is...>, Path...> {
    using Branches = BranchesOf<Layer>;
    using Place = messages::layer_at<typename Branches::Name, Path...>;
    template <int K>
    using Branch = type_at<K, typename Branches::Types>;
    template <int K>
    using Output = typename OutputOfBranch<Branch<K>, Given, Path..., Branches::number(K)>::type;
    template <int K>
    using Empty =
        std::conditional_t<LayersOfBranch<Branch<K>>::count == 0,
                           messages::Invalid<Place, messages::has_empty_branch<Branches::number(K)>>,
                           messages::NoProblem>;
    template <int K>
    static constexpr auto problem_of_pair() {
        if constexpr (Branches::Rule::fits(Output<0>{}, Output<K>{}))
            return messages::NoProblem{};
        else
            return typename ProblemOfTwo<Layer, Place, Given, Branches::number(0), Output<0>,
                                         Branches::number(K), Output<K>>::type{};
    }
    static constexpr auto problem() {
        using messages::first_problem;
        if constexpr (Branches::count < 2)
            return messages::Invalid<Place, messages::has_few_branches<Branches::count>>{};
        else if constexpr (sizeof...(Path) > 1 && !Branches::Rule::within_branches)
            return messages::Invalid<Place, messages::is_not_the_last>{};
        else if constexpr (std::is_same_v<Given, messages::Nothing>)
            return messages::Mismatch<Place, messages::takes<typename Branches::Rule::Takes>,
                                      messages::but_is_given<Given>>{};
        else {
            using OfBranches = first_problem<Empty<Is>..., typename ProblemOf<Output<Is>>::type...>;
            if constexpr (std::is_same_v<OfBranches, messages::NoProblem>)
                return first_problem<decltype(problem_of_pair<Is>())...>{};
            else
                return OfBranches{};
        }
    }
    using Problem = decltype(problem());

    static constexpr auto join() {
        if constexpr (std::is_same_v<Problem, messages::NoProblem>)
            return decltype(Branches::Rule::join(Output<Is>{}...)){};
    }
    using Join = decltype(join()); ///< the layer behind the branches; void if there is a problem

    static constexpr auto output() {
        if constexpr (std::is_void_v<Join>)
            return InvalidShape<Problem>{};
        else
            return output_of<Join, Output<0>>{};
    }
    using type = decltype(output());
};
template <class Layer, class Given, int... Path>
using JoinOf =
    JoinOfBranches<Layer, Given, std::make_integer_sequence<int, BranchesOf<Layer>::count>, Path...>;

template <class Layer, class Given, int... Path>
    requires(BranchesOf<Layer>::exist && !is_invalid<Given>)
struct OutputShape<Layer, Given, Path...> {
    using type = typename JoinOf<Layer, Given, Path...>::type;
};

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
