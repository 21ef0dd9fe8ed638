#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/network/chain.hpp>

#include <utility>

/// A network as a flat list: for everything behind the checks of shapes, a layer with branches is the layers
/// of one branch after the other, then the layer that joins them. A position is the output of a layer of this
/// list, position 0 the network's input.
namespace ctgan::inline CTGAN_ABI::detail {

/// A layer of the list: what it is given, what it returns, and its path for messages.
template <class TheLayer, class In, class Out, int... Path>
struct Node {
    using Layer = TheLayer;
    using Given = In;
    using Output = Out;
    using Place = messages::layer_at<TheLayer, Path...>;
};

/// The nodes of a layer that is given a shape which it takes.
template <class Layer, class Given, int... Path>
struct NodesOfLayer {
    using type = LayerList<Node<Layer, Given, output_of<Layer, Given>, Path...>>;
};
/// Those of the first layers of a list.
template <class Layers, class Start, class Indices, int... Outer>
struct NodesOfList;
template <class Layers, class Start, int... Is, int... Outer>
struct NodesOfList<Layers, Start, std::integer_sequence<int, Is...>, Outer...>
    : Joined<LayerList<>, typename NodesOfLayer<type_at<Is, Layers>,
                                                typename ShapeAfter<Layers, Start, Is, Outer...>::type,
                                                Outer..., Is + 1>::type...> {};

template <class Layer, class Given, class Indices, int... Path>
struct NodesOfBranches;
template <class Layer, class Given, int... Is, int... Path>
struct NodesOfBranches<Layer, Given, std::integer_sequence<int, Is...>, Path...> {
    using Branches = BranchesOf<Layer>;
    using Join = typename JoinOf<Layer, Given, Path...>::Join;
    template <int K>
    using Branch = LayersOfBranch<type_at<K, typename Branches::Types>>;
    template <int K>
    using Nodes = typename NodesOfList<typename Branch<K>::Types, Given,
                                       std::make_integer_sequence<int, Branch<K>::count>, Path...,
                                       Branches::number(K)>::type;
    using First = typename OutputOfBranch<type_at<0, typename Branches::Types>, Given, Path...,
                                          Branches::number(0)>::type;
    using type = typename Joined<LayerList<>, Nodes<Is>...,
                                 LayerList<Node<Join, First, output_of<Join, First>, Path...>>>::type;
};
template <class Layer, class Given, int... Path>
    requires(BranchesOf<Layer>::exist)
struct NodesOfLayer<Layer, Given, Path...>
    : NodesOfBranches<Layer, Given, std::make_integer_sequence<int, BranchesOf<Layer>::count>, Path...> {};

/// Which positions the layers of a list read: one each, but those that join branches one for each branch.
template <int Layers>
struct Wiring {
    PerPosition<int, Layers + 1>
        first{}; ///< of each layer's operands in the list; the last entry is their number
    PerPosition<int, 2 * Layers + 1> operands{};
    int layers = 0;

    /// The position that the layer reads, or the first one.
    constexpr int operand(int layer) const { return operands[first[layer]]; }
    constexpr int operand_count(int layer) const { return first[layer + 1] - first[layer]; }

    constexpr void read(int position) { operands[first[layers + 1]++] = position; }
    /// Ends the list of a layer's operands; returns the position of its output.
    constexpr int end_layer() {
        ++layers;
        if (layers < Layers) first[layers + 1] = first[layers];
        return layers;
    }
};

/// Adds the layers that a layer becomes, which read `position`, and returns the position of the output.
template <class Layer>
struct Wire {
    template <class Result>
    static constexpr int add(Result& result, int position) {
        result.read(position);
        return result.end_layer();
    }
};
template <class... Layers>
struct Wire<LayerList<Layers...>> {
    template <class Result>
    static constexpr int add(Result& result, int position) {
        const int done[] = {0, (position = Wire<Layers>::add(result, position))...};
        static_cast<void>(done);
        return position;
    }
};
template <class... Branches>
struct Wire<Alternatives<Branches...>> {
    template <class Result>
    static constexpr int add(Result& result, int position) {
        const int outputs[] = {Wire<typename LayersIn<Branches>::type>::add(result, position)...};
        for (const int output : outputs) result.read(output);
        return result.end_layer();
    }
};
template <class Layer>
    requires(BranchesOf<Layer>::exist)
struct Wire<Layer> : Wire<typename BranchesOf<Layer>::All> {};

template <class Layers, class Indices>
struct FirstLayers {};
template <class Layers, int... Is>
struct Wire<FirstLayers<Layers, std::integer_sequence<int, Is...>>>
    : Wire<LayerList<type_at<Is, Layers>...>> {};

/// The flat list of a network's first `Valid` layers.
template <class Types, class Start, int Valid, bool Branches>
struct Graph {
    using Nodes = typename NodesOfList<Types, Start, std::make_integer_sequence<int, Valid>>::type;
    using List = typename ListOf<Nodes>::Types;
    static constexpr int depth = ListOf<Nodes>::count;

    template <int At>
    using layer = typename type_at<At, List>::Layer;
    template <int At>
    using given = typename type_at<At, List>::Given;
    template <int At>
    using place = typename type_at<At, List>::Place;

    template <int At, class = void>
    struct ShapeAt {
        using type = typename type_at<At - 1, List>::Output;
    };
    template <class Any>
    struct ShapeAt<0, Any> {
        using type = Start;
    };
    template <int At>
    using shape = typename ShapeAt<At>::type;

    static constexpr Wiring<depth> wiring = [] {
        Wiring<depth> result;
        Wire<FirstLayers<Types, std::make_integer_sequence<int, Valid>>>::add(result, 0);
        return result;
    }();
};

/// That of a network without branches is its layers.
template <class Types, class Start, int Valid>
struct Graph<Types, Start, Valid, false> {
    static constexpr int depth = Valid;

    template <int At>
    using layer = type_at<At, Types>;
    template <int At>
    using given = typename ShapeAfter<Types, Start, At>::type;
    template <int At>
    using place = messages::layer<At + 1, type_at<At, Types>>;
    template <int At>
    using shape = typename ShapeAfter<Types, Start, At>::type;

    static constexpr Wiring<depth> wiring = [] {
        Wiring<depth> result;
        for (int position = 0; position < depth; ++position) Wire<void>::add(result, position);
        return result;
    }();
};

} // namespace ctgan::inline CTGAN_ABI::detail
