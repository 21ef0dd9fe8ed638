// Which patterns are found in which networks; most of the checks are at compile time.

#include <boost/test/unit_test.hpp>

#include "patterns_support.hpp"
#include <array>

using namespace training;

namespace {

template <class Net, int I, class Backend = Cpu>
using At = ctgan::detail::PatternsAt<Net, Backend, float, I>;

/// f(patterns of a layer) for each layer.
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
constexpr auto dropout_before = of_layers<Net, Backend>([](auto at) { return decltype(at)::dropout_before; });
template <class Net, class Backend = Cpu>
constexpr auto dropout_after = of_layers<Net, Backend>([](auto at) { return decltype(at)::dropout_after; });
template <class Net, class Backend = Cpu>
constexpr int deferred_layer = Network<Net, Backend>::deferred_layer;

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
static_assert(dropout_before<G> == all<12>(-1) && dropout_after<G> == all<12>(-1));
static_assert(deferred_layer<G> == 0);

static_assert(functions<D> == std::array{0, 1, 0, 0, 1, 0, 0, 0, 0, 0});
static_assert(slopes<D> == std::array{0, 0, 0, 1, 0, 0, 1, 0, 0, 0},
              "dropout applies the slope in front of it");
static_assert(dropout_before<D> == std::array{-1, -1, -1, -1, 3, -1, -1, -1, -1, -1});
static_assert(dropout_after<D> == std::array{-1, 3, -1, -1, 6, -1, -1, -1, -1, -1});
static_assert(deferred_layer<D> == -1, "its Linear layer is the last one");

// Patterns switched off.
static_assert(functions<G, Plain> == all<12>(0) && slopes<G, Plain> == all<12>(0) &&
              deferred_layer<G, Plain> == -1);
static_assert(functions<D, Plain> == all<10>(0) && dropout_before<D, Plain> == all<10>(-1) &&
              dropout_after<D, Plain> == all<10>(-1));

// The update of a first weight may be deferred after layers that compute nothing, but after no other layer.
static_assert(deferred_layer<Sequential<Input<5>, Linear<5, 3>>> == 1);
static_assert(deferred_layer<Sequential<Linear<5, 3>, Linear<3, 2>>> == 0);
static_assert(deferred_layer<Sequential<Input<5>, ReLU, Linear<5, 3>>> == -1);
static_assert(deferred_layer<Sequential<Input<5, 1, 1>, Flatten, Linear<5, 3>>> == -1);

/// A user's own layer, which declares nothing about patterns.
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
/// A layer that applies a function, but whose backward pass reads its own output, which the function would
/// overwrite.
struct ReadsOutput : Own {
    static constexpr LayerPatterns<ReadsOutput> patterns{.applies_function = true};
    static constexpr bool reads_output = true;
};

// Another layer between the two of a pattern: no pattern.
using Separated = Sequential<Input<4, 5, 5>, Dropout2d<>, Own, Conv2d<4, 4, 3>, Own, ReLU, Own,
                             BatchNorm2d<4>, Own, Conv2d<4, 2, 3>, ReLU, Own, Dropout2d<>>;
static_assert(functions<Separated> == std::array{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0});
static_assert(slopes<Separated> == all<13>(0));
static_assert(dropout_before<Separated> == all<13>(-1) && dropout_after<Separated> == all<13>(-1));
static_assert(deferred_layer<Sequential<Input<5>, Own, Linear<5, 3>>> == -1);
// An activation that does not overwrite its input.
static_assert(functions<Sequential<Input<5>, ReadsOutput, ReLU>> == all<3>(0));
static_assert(functions<Sequential<Input<5>, Own, ReLU>> == all<3>(0));
// Two functions: only the first one is applied by the product, and only the slope of the second one by the
// next layer. Between a convolution and the dropout after it there may be one function.
using TwoFunctions = Sequential<Input<4, 5, 5>, Conv2d<4, 4, 3>, Tanh, ReLU, BatchNorm2d<4>, Conv2d<4, 4, 3>,
                                Tanh, ReLU, Dropout2d<>>;
static_assert(functions<TwoFunctions> == std::array{0, 1, 0, 0, 0, 1, 0, 0, 0});
static_assert(slopes<TwoFunctions> == std::array{0, 0, 0, 0, 1, 0, 0, 0, 1});
static_assert(dropout_after<TwoFunctions> == all<9>(-1));
// With a function after it, dropout is no longer directly in front of the convolution.
using FunctionAfterDropout = Sequential<Input<4, 5, 5>, Dropout2d<>, Sigmoid, Conv2d<4, 4, 3>>;
static_assert(dropout_before<FunctionAfterDropout> == all<4>(-1), "Sigmoid makes 1/2 of zeros");

/// A user's layer that is derived from an activation but computes something else than its function.
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

/// Checks that the results equal those of the backend without patterns.
template <class Net>
void check_net() {
    const auto plain = pass<Net, Plain>(5), found = pass<Net, TestBackend>(5);
    for (std::size_t part = 0; part < 3; ++part) BOOST_TEST((found[part] == plain[part]), "part " << part);
}

} // namespace

BOOST_AUTO_TEST_CASE(layers_in_odd_orders_give_the_same_bits_with_and_without_patterns) {
    check_net<Separated>();
    check_net<TwoFunctions>();
    check_net<FunctionAfterDropout>();
    check_net<WithHalved>();
    check_net<Sequential<Input<5>, ReLU, BatchNorm1d<5>, ReLU, BatchNorm1d<5>, Linear<5, 3>, Sigmoid>>();
}
