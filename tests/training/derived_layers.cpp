// A layer that is derived from one of the library's takes part in none of its patterns. Compares networks
// that contain such a layer with the same networks on a backend without patterns.

#include <boost/test/unit_test.hpp>

#include "../derived_layer.hpp"
#include "patterns_support.hpp"
#include <cmath>

using namespace training;

namespace {

template <int Position>
struct At {
    template <class Backend>
    using GanOn =
        Gan<derived::GeneratorWith<Position>, derived::DiscriminatorWith<Position>, LeastSquares, Backend>;
};

/// The same bits or, where skipping dropped channels takes another algorithm than the tiles of a large batch,
/// the same values but for rounding.
template <class Net>
void check_pass(int batch) {
    const auto found = pass<Net, TestBackend>(batch), expected = pass<Net, Plain>(batch);
    if (batch == 5) {
        BOOST_TEST((found == expected));
        return;
    }
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
        BOOST_TEST_REQUIRE(found[k].size() == expected[k].size());
        bool near_enough = true;
        for (std::size_t i = 0; i < expected[k].size(); ++i) {
            const double distance = std::abs(double{found[k][i]} - double{expected[k][i]});
            near_enough = near_enough && distance <= 1e-5 * (1 + std::abs(double{expected[k][i]}));
        }
        BOOST_TEST(near_enough, "part " << k << " of the pass");
    }
}

template <int Position>
void check_position() {
    BOOST_TEST_CONTEXT("derived layer " << Position) {
        // 5 samples use the direct algorithms, 14 the CPU's tiles.
        for (const int batch : {5, 14}) {
            if constexpr (Position < 5 || Position == derived::everywhere)
                check_pass<derived::GeneratorWith<Position>>(batch);
            if constexpr (Position >= 5) check_pass<derived::DiscriminatorWith<Position>>(batch);
        }
        using Derived = At<Position>;
        check_same_bits<Derived::template GanOn, TestBackend>(
            5, train<typename Derived::template GanOn<Plain>>(3, 5, 5), "derived");
    }
}

// An activation, and a layer that computes nothing.
using DerivedFunction = Sequential<Linear<4, 3>, Negated<ReLU>, BatchNorm1d<3>>;
struct Doubled : Input<4> {
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::zip(p.output, p.input, p.input, Index{p.batch} * 4, Sum{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        if constexpr (Pass::to_input)
            Pass::Backend::zip(p.input_gradient, p.output_gradient, p.output_gradient, Index{p.batch} * 4,
                               Sum{});
    }
    struct Sum {
        template <class T>
        CTGAN_HD T operator()(T a, T b) const {
            return a + b;
        }
    };
};

template <class Net, int I>
constexpr bool none_at = [] {
    using Found = ctgan::detail::PatternsAt<Net, Cpu, float, I>;
    return !Found::applies_next_function && !Found::applies_previous_slope;
}();
static_assert(none_at<DerivedFunction, 0> && none_at<DerivedFunction, 2>);

} // namespace

BOOST_AUTO_TEST_CASE(a_derived_layer_at_any_position_gives_the_same_bits_without_patterns) {
    ctgan::detail::for_each_index<derived::positions>([](auto i) { check_position<decltype(i)::value>(); });
    check_position<derived::everywhere>();
}

BOOST_AUTO_TEST_CASE(derived_layers_beside_all_kinds_of_layers_give_the_same_bits_without_patterns) {
    derived::for_each_network([]<class Net>() {
        for (const int batch : {5, 14}) check_pass<Net>(batch);
    });
}

BOOST_AUTO_TEST_CASE(a_derived_layer_negates_what_its_base_computes) {
    // Without batch normalization, only the last layer's sign differs.
    using Base = Sequential<Linear<6, 5>, Tanh, Linear<5, 3>>;
    using Derived = Sequential<Linear<6, 5>, Tanh, Negated<Linear<5, 3>>>;
    auto expected = pass<Base, TestBackend>(4);
    for (auto& values : expected)
        for (float& value : values) value = -value;
    BOOST_TEST((pass<Derived, TestBackend>(4) == expected));
    BOOST_TEST((pass<Sequential<Negated<Linear<6, 5>>>, TestBackend>(4) !=
                pass<Sequential<Linear<6, 5>>, TestBackend>(4)));
}

BOOST_AUTO_TEST_CASE(a_layer_derived_from_one_that_computes_nothing_runs) {
    const auto once = pass<Sequential<Input<4>, Linear<4, 2>>, TestBackend>(3);
    const auto doubled = pass<Sequential<Doubled, Linear<4, 2>>, TestBackend>(3);
    BOOST_TEST(once[0] != doubled[0]);
    for (std::size_t i = 0; i < once[1].size(); ++i) BOOST_TEST(doubled[1][i] == 2 * once[1][i]);
}

namespace {

/// y = Base(x) + x / 4: it reads its input after the base has written the output, so it cannot work in place
/// as the base does.
template <class Base>
struct WithSkip : Base {
    template <class Pass>
    static void forward(const Pass& p) {
        Base::forward(p);
        add_quarter<Pass>(p.output, p.input, p.batch);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Base::backward(p);
        add_quarter<Pass>(p.input_gradient, p.output_gradient, p.batch);
    }

  private:
    struct PlusQuarter {
        template <class T>
        CTGAN_HD T operator()(T sum, T x) const {
            return sum + x / 4;
        }
    };
    template <class Pass, class T>
    static void add_quarter(T* to, const T* from, int batch) {
        Pass::Backend::zip(to, static_cast<const T*>(to), from, Index{batch} * Pass::Input::size,
                           PlusQuarter{});
    }
};

/// Checks the output and the bias gradient of Sequential<Before..., WithSkip<Base>> against y = f(x) + x / 4
/// and the sum of f'(x) + 1 / 4, where x is the output of `Before`. `slope(x, y - x / 4)` returns f'(x).
template <class Base, class... Before>
void check_skip(const auto& slope) {
    using Alone = Network<Sequential<Before...>, TestBackend, double>;
    using WithBase = Network<Sequential<Before..., WithSkip<Base>>, TestBackend, double>;
    using Output = typename Alone::output_shape;
    constexpr int batch = 3;
    Alone alone(7);
    WithBase network(7);
    BatchOn<typename Alone::input_shape, TestBackend, double> input(batch);
    TestBackend::fill_normal(input.data(), input.size(), 1., random::Stream{3, 0, 0});
    BatchOn<Output, TestBackend, double> ones(batch);
    TestBackend::fill(ones.data(), ones.size(), 1.);

    typename Alone::Workspace workspace(batch);
    const auto x = transfer::values(alone.forward(input, workspace));
    typename WithBase::TrainingWorkspace training(batch);
    const Randomness randomness{.seed = 5, .pass = 0};
    const auto y = transfer::values(network.forward_training(input, training, randomness));
    typename WithBase::Gradients gradients;
    network.backward(ones, training, gradients);
    const auto bias =
        transfer::values(gradients.template tensor<sizeof...(Before) - 1, 1>(), Output::channels);

    std::vector<double> expected(Output::channels);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double f = y[i] - x[i] / 4, derivative = slope(x[i], f);
        BOOST_TEST(f == derivative * x[i], boost::test_tools::tolerance(1e-14));
        expected[i % Output::channels] += derivative + 0.25;
    }
    BOOST_TEST(bias == expected, boost::test_tools::tolerance(1e-14) << boost::test_tools::per_element());

    // An inference workspace may reuse even more memory.
    if constexpr (!Base::draws(Mode::evaluation)) {
        typename WithBase::Workspace inference(batch);
        const auto evaluated = transfer::values(network.forward(input, inference));
        for (std::size_t i = 0; i < x.size(); ++i)
            BOOST_TEST(evaluated[i] == slope(x[i], 0.) * x[i] + x[i] / 4,
                       boost::test_tools::tolerance(1e-14));
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_layer_derived_from_one_that_works_in_place_may_read_its_input_again) {
    check_skip<ReLU, Linear<4, 3>>([](double x, double) { return x > 0 ? 1. : 0.; });
    check_skip<ReLU, Input<1, 3, 3>, Conv2d<1, 2, 1>>([](double x, double) { return x > 0 ? 1. : 0.; });
    check_skip<Dropout2d<std::ratio<1, 2>, DropoutMode::always>, Input<1, 3, 3>, Conv2d<1, 2, 1>>(
        [](double, double f) { return f == 0 ? 0. : 2.; });
}
