// The gradients of activations, Softmax and Dropout, against central differences: alone, between layers that
// reuse memory, and in branches.

#include <ctgan/dcgan.hpp>

#include "check.hpp"

using namespace ctgan;
using gradient::check;

namespace {

/// A layer alone, and between a convolution and another activation.
template <class Layer>
void check_both() {
    check<Layer, Image<3, 4, 5>>(2);
    check<Sequential<Conv2d<2, 3, 3, 1, 1>, Layer, Tanh>, Image<2, 4, 5>>(2);
}

} // namespace

BOOST_AUTO_TEST_CASE(activations_of_their_output) {
    check_both<ELU<>>();
    check_both<ELU<std::ratio<5, 2>>>();
    check_both<Softplus<>>();
    check_both<Softplus<std::ratio<1, 3>>>();
}

BOOST_AUTO_TEST_CASE(activations_of_their_input) {
    check_both<SiLU>();
    check_both<GELU<>>();
    check_both<GELU<Approximate::tanh>>();
    check_both<Mish>();
}

BOOST_AUTO_TEST_CASE(prelu) {
    check_both<PReLU<3>>();
    check_both<PReLU<1>>();
    check<PReLU<7>, Flat<7>>(2);
    check<Sequential<Linear<5, 6>, PReLU<1>, Linear<6, 2>>, Flat<5>>(2);
}

BOOST_AUTO_TEST_CASE(softmax) {
    check_both<Softmax>();
    check<Sequential<Linear<5, 6>, Softmax, Linear<6, 2>>, Flat<5>>(2);
}

BOOST_AUTO_TEST_CASE(dropout) {
    check<Dropout<>, Flat<40>>(2, {}, 0.3);
    check<Sequential<Conv2d<2, 3, 3, 1, 1>, Dropout<std::ratio<1, 4>>, Tanh>, Image<2, 4, 5>>(2);
    // The convolution's activation is read by none of its neighbors but for its own backward pass.
    check<Sequential<Conv2d<2, 3, 3, 1, 1>, ELU<>, Dropout<>, Conv2d<3, 2, 3, 1, 1>>, Image<2, 4, 5>>(2);
}

BOOST_AUTO_TEST_CASE(beside_normalization_and_in_branches) {
    check<Sequential<Conv2d<2, 3, 3, 1, 1>, ELU<>, BatchNorm2d<3>, Softplus<>, Dropout2d<>, Mish>,
          Image<2, 4, 5>>(2, {}, 0.8);
    check<Residual<Sequential<SiLU, Conv2d<3, 3, 3, 1, 1>, PReLU<3>>>, Image<3, 4, 5>>(2);
    check<Sequential<Conv2d<2, 3, 1>, Concat<Identity, Softmax, GELU<>, Dropout<>>, Conv2d<12, 2, 1>>,
          Image<2, 4, 5>>(2);
}
