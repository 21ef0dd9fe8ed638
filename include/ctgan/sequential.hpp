#pragma once

#include <ctgan/layer.hpp>
#include <ctgan/slots.hpp>

#include <type_traits>

namespace ctgan {

namespace detail {

/// The shape that enters the network: what its first layer says that a network may begin with.
template <class First>
struct StartOf {
    using type = diagnosis::Nothing;
};
template <class First>
    requires requires { typename First::Start; }
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

/// What leaves a layer: a shape, or Broken where the layer does not take what it is given.
template <int Number, class Layer, class Given>
struct Leaving {
    using type = Broken<diagnosis::LayerMismatch<Number, Layer, Given>>;
};
template <int Number, class Layer, class Given>
    requires Accepts<Layer, Given>
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

} // namespace detail

/// A network as a type: layers one after the other, each checked against the shape that the one before it
/// gives.
///
/// It only describes. Network owns the parameters, a workspace the activations. It begins with a layer of
/// known input, Linear, or with Input<C, H, W> or Input<N>. Where a layer does not take the shape that
/// reaches it, one error says so: "layer 3: ConvTranspose2d takes [64, H, W] but is given [128, 7, 7]",
/// counted from 1.
template <class First, class... Rest>
struct Sequential
    : private diagnosis::Check<typename detail::ProblemOf<
          typename detail::ShapeAt<detail::Slots<First, Rest...>, typename detail::StartOf<First>::type,
                                   static_cast<int>(sizeof...(Rest)) + 1>::type>::type> {
  private:
    using Table = detail::Slots<First, Rest...>;
    using Start = typename detail::StartOf<First>::type;
    static constexpr int written = static_cast<int>(sizeof...(Rest)) + 1;

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
    /// False after a misfit; the layers in front of it then stand for the network, so that nothing else is
    /// reported.
    static constexpr bool sound = !detail::is_broken<shape_or_broken<written>>;
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
};

} // namespace ctgan
