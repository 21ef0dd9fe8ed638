// The gradients of layers that are derived from the library's, within networks whose patterns their bases
// would take part in.

#include <ctgan/testing/check_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include "../derived_layer.hpp"

using namespace ctgan;

namespace {

template <class Net>
void check(double keep_away_from_zero = 0) {
    const auto report = testing::check_gradient<Net, typename Net::input_shape, TestBackend>(
        3, {.keep_away_from_zero = keep_away_from_zero});
    BOOST_TEST(report.holds(), report.text());
}

} // namespace

BOOST_AUTO_TEST_CASE(derived_layers_have_the_right_gradients) {
    check<Sequential<Negated<Linear<5, 12>>, Tanh, Negated<BatchNorm1d<12>>, Negated<Linear<12, 3>>>>();
    check<Sequential<Input<2, 6, 6>, Negated<Conv2d<2, 4, 3>>, Tanh, Negated<Dropout2d<>>,
                     Negated<Conv2d<4, 3, 2>>, Sigmoid, Negated<BatchNorm2d<3>>>>();
    check<Sequential<Input<3, 3, 3>, Negated<ConvTranspose2d<3, 4, 4, 2, 1>>, Tanh, Negated<BatchNorm2d<4>>,
                     Negated<Dropout2d<>>, Negated<ConvTranspose2d<4, 2, 3>>, Tanh>>();
}

namespace {

/// A derived layer that takes and returns images of 4 channels: first and last; last after an activation;
/// between an activation and a dropout; before a dropout with an activation in between; first before a
/// dropout.
template <class X>
void check_positions() {
    using Product = Conv2d<4, 4, 1>;
    check<Sequential<Input<4, 3, 3>, Negated<X>>>();
    check<Sequential<Input<4, 3, 3>, Product, Tanh, Negated<X>>>();
    check<Sequential<Input<4, 3, 3>, Product, Tanh, Negated<X>, Dropout2d<>, Product>>();
    check<Sequential<Input<4, 3, 3>, Negated<X>, Tanh, Dropout2d<>, Product>>();
    check<Sequential<Input<4, 3, 3>, Negated<X>, Dropout2d<>, Product, Tanh>>();
    check<Sequential<Input<4, 3, 3>, Product, Tanh, Dropout2d<>, Negated<X>, Sigmoid>>();
}

} // namespace

BOOST_AUTO_TEST_CASE(derived_layers_at_all_positions_have_the_right_gradients) {
    check_positions<Conv2d<4, 4, 1>>();
    check_positions<ConvTranspose2d<4, 4, 1>>();
    check_positions<BatchNorm2d<4>>();
    check_positions<Dropout2d<>>();
    check<Sequential<Negated<Linear<6, 4>>>>();
    check<Sequential<Linear<6, 4>, Tanh, Negated<Linear<4, 5>>, Tanh, Linear<5, 3>>>();
    check<Sequential<Input<6>, Negated<BatchNorm1d<6>>, Tanh, Linear<6, 3>>>();
    check<Sequential<Input<6>, Linear<6, 4>, Tanh, Negated<BatchNorm1d<4>>>>();
}
