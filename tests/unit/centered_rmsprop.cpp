// Centered RMSprop divides by the root of a variance, computed as a difference that rounding may make
// negative.

#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/rmsprop.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>

using namespace ctgan;

namespace {

template <class T>
void parameters_stay_finite(double alpha) {
    using Net = Network<Sequential<Linear<37, 3>>, TestBackend, T>;
    Net network(0);
    typename Net::Gradients gradients;
    TestBackend::fill_uniform(gradients.data(), gradients.size(), T(1), {1, 0, 0});
    RMSprop<Net> optimizer(network, {.lr = 1e-6, .alpha = alpha, .centered = true});
    for (int step = 0; step < 500; ++step) optimizer.step(network, gradients);
    const auto values = transfer::values(network.parameters(), network.arena_size());
    BOOST_TEST(std::all_of(values.begin(), values.end(), [](T value) { return is_finite(value); }));
    BOOST_TEST(optimizer.first_bad_step() == 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_constant_gradient_has_no_negative_variance) {
    for (const double alpha : {0., 0.5, 0.9, 0.99}) {
        parameters_stay_finite<float>(alpha);
        parameters_stay_finite<double>(alpha);
    }
}
