// Which patterns are found in which networks, most of it while compiling.

#include <boost/test/unit_test.hpp>

#include "patterns_support.hpp"
#include <array>

using namespace training;

namespace {

template <class Net, int I, class Backend = Cpu>
using At = ctgan::detail::PatternsAt<Net, Backend, float, I>;

/// What is said of each layer, one after the other.
template <class Net, class Backend, class F>
constexpr auto of_layers(F f) {
    std::array<int, static_cast<std::size_t>(Net::depth)> found{};
    ctgan::detail::for_each_index<Net::depth>([&](auto i) {
        found[static_cast<std::size_t>(decltype(i)::value)] = f(At<Net, decltype(i)::value, Backend>{});
    });
    return found;
}
template <class Net, class Backend = Cpu>
constexpr auto functions = of_layers<Net, Backend>([](auto at) -> int {
    return decltype(at)::applies_next_function;
});
template <class Net, class Backend = Cpu>
constexpr auto slopes = of_layers<Net, Backend>([](auto at) -> int {
    return decltype(at)::applies_previous_slope;
});
template <class Net, class Backend = Cpu>
constexpr auto in_front = of_layers<Net, Backend>([](auto at) { return decltype(at)::dropout_in_front; });
template <class Net, class Backend = Cpu>
constexpr auto behind = of_layers<Net, Backend>([](auto at) { return decltype(at)::dropout_behind; });
template <class Net, class Backend = Cpu>
constexpr int left_to_update = Network<Net, Backend>::deferred_layer;

template <std::size_t N>
constexpr std::array<int, N> all(int value) {
    std::array<int, N> result{};
    for (int& x : result) x = value;
    return result;
}

using G = dcgan::Generator;     // Linear f n, Reshape, ConvT f n, ConvT f n, ConvT f
using D = dcgan::Discriminator; // Input, Conv f d, Conv f d, n, Flatten, Linear

static_assert(functions<G> == std::array{1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0});
static_assert(slopes<G> == std::array{0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0});
static_assert(in_front<G> == all<12>(-1) && behind<G> == all<12>(-1));
static_assert(left_to_update<G> == 0);

static_assert(functions<D> == std::array{0, 1, 0, 0, 1, 0, 0, 0, 0, 0});
static_assert(slopes<D> == std::array{0, 0, 0, 1, 0, 0, 1, 0, 0, 0},
              "dropout applies the slope in front of it");
static_assert(in_front<D> == std::array{-1, -1, -1, -1, 3, -1, -1, -1, -1, -1});
static_assert(behind<D> == std::array{-1, 3, -1, -1, 6, -1, -1, -1, -1, -1});
static_assert(left_to_update<D> == -1, "its Linear layer is the last one");

// Switched off.
static_assert(functions<G, Plain> == all<12>(0) && slopes<G, Plain> == all<12>(0) &&
              left_to_update<G, Plain> == -1);
static_assert(functions<D, Plain> == all<10>(0) && in_front<D, Plain> == all<10>(-1) &&
              behind<D, Plain> == all<10>(-1));

// The first weight: behind layers that compute nothing, but behind no other.
static_assert(left_to_update<Sequential<Input<5>, Linear<5, 3>>> == 1);
static_assert(left_to_update<Sequential<Linear<5, 3>, Linear<3, 2>>> == 0);
static_assert(left_to_update<Sequential<Input<5>, ReLU, Linear<5, 3>>> == -1);
static_assert(left_to_update<Sequential<Input<5, 1, 1>, Flatten, Linear<5, 3>>> == -1);

/// A user's own layer, which says nothing of patterns.
struct Own : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::copy(p.output, p.input, Index{p.batch} * Pass::Input::size);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        if constexpr (Pass::to_input)
            Pass::Backend::copy(p.input_gradient, p.output_gradient, Index{p.batch} * Pass::Input::size);
    }
};
/// One that takes a function, but whose backward pass reads its own output, which the function would
/// overwrite.
struct ReadsOutput : Own {
    static constexpr bool applies_function = true;
    static constexpr bool reads_output = true;
};

// A layer between two: no pattern.
using Parted = Sequential<Input<4, 5, 5>, Dropout2d<>, Own, Conv2d<4, 4, 3>, Own, ReLU, Own, BatchNorm2d<4>,
                          Own, Conv2d<4, 2, 3>, ReLU, Own, Dropout2d<>>;
static_assert(functions<Parted> == std::array{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0});
static_assert(slopes<Parted> == all<13>(0));
static_assert(in_front<Parted> == all<13>(-1) && behind<Parted> == all<13>(-1));
static_assert(left_to_update<Sequential<Input<5>, Own, Linear<5, 3>>> == -1);
// An activation that does not overwrite its input.
static_assert(functions<Sequential<Input<5>, ReadsOutput, ReLU>> == all<3>(0));
static_assert(functions<Sequential<Input<5>, Own, ReLU>> == all<3>(0));
// Two functions: the first alone belongs to the product, and the second alone to what is behind; between a
// convolution and the dropout behind it there may be one.
using TwoFunctions = Sequential<Input<4, 5, 5>, Conv2d<4, 4, 3>, Tanh, ReLU, BatchNorm2d<4>, Conv2d<4, 4, 3>,
                                Tanh, ReLU, Dropout2d<>>;
static_assert(functions<TwoFunctions> == std::array{0, 1, 0, 0, 0, 1, 0, 0, 0});
static_assert(slopes<TwoFunctions> == std::array{0, 0, 0, 0, 1, 0, 0, 0, 1});
static_assert(behind<TwoFunctions> == all<9>(-1));
// Dropout in front of a function is no longer right in front of the convolution.
using FunctionBehindDropout = Sequential<Input<4, 5, 5>, Dropout2d<>, Sigmoid, Conv2d<4, 4, 3>>;
static_assert(in_front<FunctionBehindDropout> == all<4>(-1), "Sigmoid makes 1/2 of zeros");

/// A user's layer made of an activation, which does something else: it is not merely its function.
struct Halved : Activation<functions::Rectify> {
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, HalfOf{});
    }
    struct HalfOf {
        template <class T>
        CTGAN_HD T operator()(T x) const {
            return x > T{0} ? x / T{2} : T{0};
        }
    };
};
using WithHalved = Sequential<Linear<5, 6>, Halved, BatchNorm1d<6>, Linear<6, 3>, ReLU>;
static_assert(functions<WithHalved> == std::array{0, 0, 0, 1, 0});
static_assert(slopes<WithHalved> == all<5>(0));

/// Where patterns must not be found the results are those of the room without any.
template <class Net>
void check_net() {
    const auto plain = pass<Net, Plain>(5), found = pass<Net, TestBackend>(5);
    for (std::size_t part = 0; part < 3; ++part) BOOST_TEST((found[part] == plain[part]), "part " << part);
}

} // namespace

BOOST_AUTO_TEST_CASE(layers_in_odd_orders_give_the_same_bits_with_and_without_patterns) {
    check_net<Parted>();
    check_net<TwoFunctions>();
    check_net<FunctionBehindDropout>();
    check_net<WithHalved>();
    check_net<Sequential<Input<5>, ReLU, BatchNorm1d<5>, ReLU, BatchNorm1d<5>, Linear<5, 3>, Sigmoid>>();
}
