#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/messages/require.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

template <class... Layers>
struct Sequential;

namespace detail {

/// The shape that enters the network, which its first layer states as `Start`.
template <class First>
struct StartOf {
    using type = messages::Nothing;
};
template <class First>
    requires requires {
        typename First::Start;
        requires std::is_same_v<typename First::ArgumentError, messages::NoProblem>;
    }
struct StartOf<First> {
    using type = typename First::Start;
};

/// Whether there is no out() at all, or one that is not static.
template <class Layer>
concept HasNoOut = std::is_same_v<output_of<Layer, NoShape>, NoOut>;
template <class Layer, class Given>
concept HasNonStaticOut = !Accepts<Layer, Given> && requires(Layer object, Given given) {
    object.out(given);
};

/// What is wrong with a layer that is given a shape.
template <int Number, class Layer, class Given>
constexpr auto problem_of_layer() {
    using namespace messages;
    using Place = messages::layer<Number, Layer>;
    if constexpr (!std::is_class_v<Layer>)
        return Invalid<Place, is_not_a_layer<>>{};
    else if constexpr (!is_defined<Layer>)
        return Invalid<Place, is_declared_but_not_defined>{};
    else if constexpr (!std::is_base_of_v<LayerDefaults, Layer>)
        return Invalid<Place, is_not_a_layer<>>{};
    else if constexpr (!std::is_empty_v<Layer>)
        return Invalid<Place, has_data_members>{};
    else if constexpr (!std::is_same_v<typename Layer::ArgumentError, NoProblem>)
        return Invalid<Place, typename Layer::ArgumentError>{};
    else if constexpr (HasNoOut<Layer> || HasNonStaticOut<Layer, Given>)
        return Invalid<Place, has_no<out>>{};
    else if constexpr (!Accepts<Layer, Given>)
        return LayerMismatch<Number, Layer, Given>{};
    else if constexpr (!HasForward<Layer, Given>)
        return Invalid<Place, has_no<forward>>{};
    else
        return NoProblem{};
}

/// Whether there is no such problem. This is cheaper to compile than problem_of_layer().
template <class Layer, class Given>
concept ValidLayer = messages::is_defined<Layer> && std::is_base_of_v<LayerDefaults, Layer> &&
    std::is_empty_v<Layer> && std::is_same_v<typename Layer::ArgumentError, messages::NoProblem> &&
    Accepts<Layer, Given> && HasForward<Layer, Given>;

/// The shape of a layer's output, or InvalidShape if something is wrong with the layer or with what it is
/// given.
template <int Number, class Layer, class Given>
struct OutputShape {
    using type = InvalidShape<decltype(problem_of_layer<Number, Layer, Given>())>;
};
template <int Number, class Layer, class Given>
    requires ValidLayer<Layer, Given>
struct OutputShape<Number, Layer, Given> {
    using type = output_of<Layer, Given>;
};
/// After the first problem nothing is checked: one mistake, one error.
template <int Number, class Layer, class Problem>
struct OutputShape<Number, Layer, InvalidShape<Problem>> {
    using type = InvalidShape<Problem>;
};

/// The shape after the first I layers.
template <class Layers, class Start, int At>
struct ShapeAfter {
    using type = typename OutputShape<At, type_at<At - 1, Layers>,
                                      typename ShapeAfter<Layers, Start, At - 1>::type>::type;
};
template <class Layers, class Start>
struct ShapeAfter<Layers, Start, 0> {
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

/// A flat list of layers: how many there are, the shape that enters them, and what is wrong with them.
template <class List>
struct Chain;

template <>
struct Chain<LayerList<>> {
    using Types = TypeList<>;
    using Start = messages::Nothing;
    static constexpr int count = 0;
    using Problem = messages::Invalid<messages::the_sequential, messages::has_no_layer>;
};
template <class First, class... Rest>
struct Chain<LayerList<First, Rest...>> {
    using Types = TypeList<First, Rest...>;
    using Start = typename StartOf<First>::type;
    static constexpr int count = static_cast<int>(sizeof...(Rest)) + 1;
    using Problem = typename ProblemOf<typename ShapeAfter<Types, Start, count>::type>::type;
};

} // namespace detail

/// A network as a type: layers one after the other, each checked against the output shape of the layer before
/// it.
///
/// It is only a description: Network owns the parameters, a workspace the activations. It begins with Linear,
/// whose input shape is known, or with Input<C, H, W> or Input<N>. A nested Sequential counts as its layers.
/// If a layer does not take the shape that reaches it, there is one error, such as "layer 3: ConvTranspose2d
/// takes [64, H, W] but is given [128, 7, 7]"; layers are counted from 1, those of nested Sequentials
/// included.
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
    /// False after a mistake. The network then consists of the layers before it, so that nothing else is
    /// reported.
    static constexpr bool valid = std::is_same_v<Problem, messages::NoProblem>;
    /// The number of layers.
    static constexpr int depth = count_valid();

    /// Layer I, counted from 0 as by std::get: the layer that messages call number I + 1.
    template <int At>
    using layer = detail::type_at<At, typename Chain::Types>;
    /// The shape after the first I layers: shape<0> enters the network, and shape<N> is the output of the
    /// layer that messages call number N.
    template <int At>
    using shape = shape_or_invalid<At>;

    /// The shape that enters the network.
    using input_shape = shape<0>;
    /// The shape that leaves it.
    using output_shape = shape<Chain::count>;

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

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));
};

} // namespace ctgan::inline CTGAN_ABI
