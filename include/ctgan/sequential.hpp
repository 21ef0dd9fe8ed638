#pragma once

#include <ctgan/layer.hpp>
#include <ctgan/slots.hpp>

#include <type_traits>

namespace ctgan {

template <class... Layers>
struct Sequential;

namespace detail {

template <class... Layers>
struct Unnested;

/// The shape that enters the network: what its first layer says that a network may begin with.
template <class First>
struct StartOf {
    using type = diagnosis::Nothing;
};
template <class First>
    requires requires {
        typename First::Start;
        requires std::is_same_v<typename First::Fault, diagnosis::Fits>;
    }
struct StartOf<First> {
    using type = typename First::Start;
};

/// The shape of a position that a misfit made unreachable.
template <class Problem>
struct Broken {};

template <class T>
inline constexpr bool is_broken = false;
template <class Problem>
inline constexpr bool is_broken<Broken<Problem>> = true;

/// Whether there is no out() at all, or one that is not static.
template <class Layer>
concept HasNoOut = std::is_same_v<output_of<Layer, NoShape>, NoOut>;
template <class Layer, class Given>
concept HasOutOfObjects = !Accepts<Layer, Given> && requires(Layer made, Given given) {
    made.out(given);
};

/// What is wrong with a layer that is given a shape.
template <int Number, class Layer, class Given>
constexpr auto problem_of_layer() {
    using namespace diagnosis;
    using Place = diagnosis::layer<Number, Layer>;
    if constexpr (!std::is_class_v<Layer>)
        return Fault<Place, is_no_layer<>>{};
    else if constexpr (!is_defined<Layer>)
        return Fault<Place, is_declared_but_not_defined>{};
    else if constexpr (!std::is_base_of_v<LayerDefaults, Layer>)
        return Fault<Place, is_no_layer<>>{};
    else if constexpr (!std::is_empty_v<Layer>)
        return Fault<Place, has_data_members>{};
    else if constexpr (!std::is_same_v<typename Layer::Fault, Fits>)
        return Fault<Place, typename Layer::Fault>{};
    else if constexpr (HasNoOut<Layer> || HasOutOfObjects<Layer, Given>)
        return Fault<Place, has_no<out>>{};
    else if constexpr (!Accepts<Layer, Given>)
        return LayerMismatch<Number, Layer, Given>{};
    else if constexpr (!HasForward<Layer, Given>)
        return Fault<Place, has_no<forward>>{};
    else
        return Fits{};
}

/// The same question at less cost to the compiler, since it nearly always is yes.
template <class Layer, class Given>
concept Fitting = diagnosis::is_defined<Layer> && std::is_base_of_v<LayerDefaults, Layer> &&
    std::is_empty_v<Layer> && std::is_same_v<typename Layer::Fault, diagnosis::Fits> &&
    Accepts<Layer, Given> && HasForward<Layer, Given>;

/// What leaves a layer: a shape, or Broken where something is wrong with the layer or with what it is given.
template <int Number, class Layer, class Given>
struct Leaving {
    using type = Broken<decltype(problem_of_layer<Number, Layer, Given>())>;
};
template <int Number, class Layer, class Given>
    requires Fitting<Layer, Given>
struct Leaving<Number, Layer, Given> {
    using type = output_of<Layer, Given>;
};
/// Behind the first misfit nothing is checked: one mistake, one error.
template <int Number, class Layer, class Problem>
struct Leaving<Number, Layer, Broken<Problem>> {
    using type = Broken<Problem>;
};

/// The shape at position I: in front of layer I, counted from 0.
template <class Table, class Start, int I>
struct ShapeAt {
    using type = typename Leaving<I, slot_t<I - 1, Table>, typename ShapeAt<Table, Start, I - 1>::type>::type;
};
template <class Table, class Start>
struct ShapeAt<Table, Start, 0> {
    using type = Start;
};

template <class Last>
struct ProblemOf {
    using type = diagnosis::Fits;
};
template <class Problem>
struct ProblemOf<Broken<Problem>> {
    using type = Problem;
};

/// The layers of a Sequential with those of Sequentials among them in their places.
template <class... Layers>
struct LayerList {};

template <class Layer>
struct LayersIn {
    using type = LayerList<Layer>;
};
template <class... Layers>
struct LayersIn<Sequential<Layers...>> {
    using type = typename Unnested<Layers...>::type;
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
struct Unnested {
    using type = LayerList<Layers...>;
};
template <class... Layers>
    requires(std::disjunction_v<std::bool_constant<is_sequential<Layers>>...>)
struct Unnested<Layers...> : Joined<LayerList<>, typename LayersIn<Layers>::type...> {};

/// What there is to say about a list of layers, and the network that it is.
template <class List>
struct Chain;

template <>
struct Chain<LayerList<>> {
    using Table = Slots<>;
    using Start = diagnosis::Nothing;
    static constexpr int written = 0;
    using Problem = diagnosis::Fault<diagnosis::the_sequential, diagnosis::has_no_layer>;
};
template <class First, class... Rest>
struct Chain<LayerList<First, Rest...>> {
    using Table = Slots<First, Rest...>;
    using Start = typename StartOf<First>::type;
    static constexpr int written = static_cast<int>(sizeof...(Rest)) + 1;
    using Problem = typename ProblemOf<typename ShapeAt<Table, Start, written>::type>::type;
};

} // namespace detail

/// A network as a type: layers one after the other, each checked against the shape that the one before it
/// gives.
///
/// It only describes. Network owns the parameters, a workspace the activations. It begins with a layer of
/// known input, Linear, or with Input<C, H, W> or Input<N>. A Sequential among the layers is as good as its
/// layers in that place. Where a layer does not take the shape that reaches it, one error says so: "layer 3:
/// ConvTranspose2d takes [64, H, W] but is given [128, 7, 7]", counted from 1 over all of them.
template <class... Layers>
struct Sequential {
  private:
    using Chain = detail::Chain<typename detail::Unnested<Layers...>::type>;
    using Table = typename Chain::Table;
    using Start = typename Chain::Start;
    using Problem = typename Chain::Problem;
    static constexpr int written = Chain::written;

    template <int I>
    using shape_or_broken = typename detail::ShapeAt<Table, Start, I>::type;

    template <int I = written>
    static constexpr int count_sound() {
        if constexpr (I > 0 && detail::is_broken<shape_or_broken<I>>)
            return count_sound<I - 1>();
        else
            return I;
    }

  public:
    /// False after a mistake; the layers in front of it then stand for the network, so that nothing else is
    /// reported.
    static constexpr bool sound = std::is_same_v<Problem, diagnosis::Fits>;
    /// The number of layers.
    static constexpr int depth = count_sound();

    /// Layer I, counted from 0.
    template <int I>
    using layer = detail::slot_t<I, Table>;
    /// The shape that enters layer I; of I = depth the one that leaves the network.
    template <int I>
    using shape = shape_or_broken<I>;

    /// Enters the network.
    using input_shape = shape<0>;
    /// Leaves it.
    using output_shape = shape<depth>;

    // Last: clang reads no further in a class in which an assertion fails.
    static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
};

} // namespace ctgan
