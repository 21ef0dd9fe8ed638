// The gradients of normalizations of samples by themselves and of batches with options, alone and among
// layers that reuse memory.

#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/group_norm.hpp>
#include <ctgan/layers/layer_norm.hpp>
#include <ctgan/layers/spectral_norm.hpp>
#include <ctgan/testing/check_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"

using namespace ctgan;

namespace {

template <class Layer, class Shape>
void check(int batch, const testing::GradientOptions& options = {}) {
    const auto report = testing::check_gradient<Layer, Shape, TestBackend>(batch, options);
    BOOST_TEST(report.holds(), report.text());
}

using Eps = std::ratio<1, 100>;

} // namespace

BOOST_AUTO_TEST_CASE(group_norm) {
    check<GroupNorm<2, 6>, Image<6, 3, 4>>(2);
    check<GroupNorm<1, 3, Eps, false>, Image<3, 2, 2>>(2); // one group, without weight
    check<GroupNorm<2, 8>, Flat<8>>(3);                    // one pixel
}

BOOST_AUTO_TEST_CASE(instance_norm2d) {
    check<InstanceNorm2d<3>, Image<3, 3, 2>>(2);
    check<InstanceNorm2d<3, Eps, true>, Image<3, 3, 2>>(2);
}

BOOST_AUTO_TEST_CASE(layer_norm) {
    check<LayerNorm<7>, Flat<7>>(3);
    check<LayerNorm<2, 3, 4>, Image<2, 3, 4>>(2);
    check<LayerNormOf<Image<2, 3, 4>, Eps, false>, Image<2, 3, 4>>(2);
}

BOOST_AUTO_TEST_CASE(normalizations_among_other_layers) {
    check<Sequential<Conv2d<3, 4, 3, 1, 1>, GroupNorm<2, 4>, Tanh>, Image<3, 3, 3>>(2);
    check<Sequential<Conv2d<3, 4, 3, 1, 1>, Sigmoid, InstanceNorm2d<4>, Tanh>, Image<3, 3, 3>>(2);
    check<Sequential<Conv2d<3, 4, 3, 1, 1>, LayerNorm<4, 3, 3>, Tanh>, Image<3, 3, 3>>(2);
    // The normalization applies the derivative of the activation before it.
    check<Sequential<Conv2d<3, 4, 3, 1, 1>, Tanh, GroupNorm<2, 4>>, Image<3, 3, 3>>(2);
    check<Sequential<Linear<5, 6>, Tanh, LayerNorm<6>>, Flat<5>>(3);
    check<Sequential<Conv2d<3, 4, 1>, Residual<Sequential<GroupNorm<2, 4>, Tanh, Conv2d<4, 4, 1>>>,
                     Concat<InstanceNorm2d<4>, LayerNorm<4, 3, 2>>>,
          Image<3, 3, 2>>(2);
}

BOOST_AUTO_TEST_CASE(batch_norm_with_eps_and_without_weight) {
    using Plain = BatchNorm2d<3, Eps, std::ratio<1, 10>, false>;
    check<Plain, Image<3, 2, 3>>(3);
    check<Plain, Image<3, 2, 3>>(2, {.mode = Mode::evaluation});
    check<Sequential<Linear<4, 5>, Tanh, BatchNorm1d<5, Eps, std::ratio<1, 10>, false>, Tanh>, Flat<4>>(4);
    check<BatchNorm2d<3, Eps>, Image<3, 2, 3>>(3);
}

// In evaluation mode, where u and v are constants: of a training pass the difference quotients would be those
// of the power iteration, too. (The recorded results and tests/unit/spectral_norm.cpp are of training
// passes.)
BOOST_AUTO_TEST_CASE(spectral_norm) {
    const testing::GradientOptions constant{.mode = Mode::evaluation};
    check<SpectralNorm<Linear<3, 34>>, Flat<3>>(2, constant); // one block of 32 outputs and the rest
    check<SpectralNorm<Conv2d<2, 3, 3, 2, 1>>, Image<2, 4, 4>>(2, constant);
    check<SpectralNorm<ConvTranspose2d<2, 3, 4, 2, 1>>, Image<2, 2, 3>>(2, constant);
    check<Sequential<Conv2d<2, 3, 1>, SpectralNorm<Conv2d<3, 3, 3, 1, 1>>, Tanh>, Image<2, 3, 3>>(2,
                                                                                                  constant);
    check<Sequential<Conv2d<2, 3, 1>, Residual<Sequential<Tanh, SpectralNorm<Conv2d<3, 3, 3, 1, 1>>>>>,
          Image<2, 3, 3>>(2, constant);
}
