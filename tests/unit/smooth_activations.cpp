// Activations and their derivatives against their definitions in more digits, from almost 0 to values whose
// exponential overflows; PReLU, Softmax, and what they return for values that are not finite.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "integers.hpp"
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

using Long = long double;

/// Compares a function and its derivative at many places. Errors are relative to the result, or to
/// `magnitude` of the place if that is more: near a zero, or where a sum cancels. A result may be 0 where
/// exp(x) is smaller than a normal number.
template <class T, class F, class Derivative, class Expected, class ExpectedDerivative, class Magnitude>
void check(const char* name, const F& f, const Derivative& derivative, const Expected& expected,
           const ExpectedDerivative& expected_derivative, const Magnitude& magnitude) {
    constexpr T epsilon = std::numeric_limits<T>::epsilon();
    const auto off = [&](T found, Long wanted, T x) {
        const Long scale = (std::max)(std::abs(wanted), magnitude(static_cast<Long>(x)));
        const Long difference = std::abs(static_cast<Long>(found) - wanted);
        const Long underflow = std::numeric_limits<T>::min() * (1 + std::abs(static_cast<Long>(x)));
        return difference <= underflow ? T{0} : static_cast<T>(difference / scale) / epsilon;
    };
    T worst = 0, worst_derivative = 0;
    for (const T size : {T(1e-30), T(1e-6), T(0.01), T(0.3), T(0.8), T(1.2), T(1.9), T(3), T(7), T(12),
                         T(19.9), T(20.5), T(40), T(90), T(1e3), T(1e15), T(1e30)})
        for (const T x : {size, -size}) {
            worst = (std::max)(worst, off(f(x), expected(x), x));
            worst_derivative = (std::max)(worst_derivative, off(derivative(x), expected_derivative(x), x));
            BOOST_TEST(!std::isnan(f(x)));
            BOOST_TEST(!std::isnan(derivative(x)), name << "'(" << x << ")");
        }
    BOOST_TEST(worst <= T{8}, name << ": " << worst << " units in the last place");
    BOOST_TEST(worst_derivative <= T{8}, name << "': " << worst_derivative << " units in the last place");
    BOOST_TEST(std::isnan(f(std::numeric_limits<T>::quiet_NaN())), name);
}

Long logistic(Long x) { return 1 / (1 + std::exp(-x)); }
Long nothing(Long) { return 0; }

template <class T>
void check_all() {
    constexpr Long pi = 3.14159265358979323846264338327950288L;
    // Rounding of the exponent of exp(-x^2 / 2) and the like counts in proportion to the exponent.
    const auto of_gauss = [](Long x) {
        return x < 0 ? std::exp(-x * x / 2) * (1 + x * x) * (1 + std::abs(x)) : Long{0.1L};
    };
    const auto of_zero = [](Long x) { return x < 0 ? std::exp(x) * (1 - x) : Long{0}; };

    const functions::ExponentialLinear<std::ratio<3, 2>> elu;
    check<T>(
        "elu", elu, [&](T x) { return elu.slope(elu(x)); },
        [](Long x) { return x > 0 ? x : 1.5L * std::expm1(x); },
        [](Long x) { return x > 0 ? 1 : 1.5L * std::exp(x); },
        [](Long x) { return x < -0.1L ? Long{1} : Long{0}; }); // the slope is a difference
    const functions::SoftRectify<std::ratio<2>> softplus;
    check<T>(
        "softplus", softplus, [&](T x) { return softplus.slope(softplus(x)); },
        [](Long x) { return x > 10 ? x : std::log1p(std::exp(2 * x)) / 2; },
        [](Long x) { return x > 10 ? 1 : logistic(2 * x); }, nothing);
    const functions::SigmoidLinear silu;
    check<T>(
        "silu", silu, [&](T x) { return silu.derivative(x); }, [](Long x) { return x * logistic(x); },
        [](Long x) { return logistic(x) * (1 + x * logistic(-x)); }, of_zero);
    const functions::GaussLinear gelu;
    check<T>(
        "gelu", gelu, [&](T x) { return gelu.derivative(x); },
        [](Long x) { return x * std::erfc(-x / std::sqrt(Long{2})) / 2; },
        [](Long x) {
            return std::erfc(-x / std::sqrt(Long{2})) / 2 + x * (std::exp(-x * x / 2) / std::sqrt(2 * pi));
        },
        of_gauss);
    const functions::GaussLinearByTanh by_tanh;
    const auto u = [](Long x) { return std::sqrt(8 / pi) * (x + 0.044715L * x * x * x); };
    check<T>(
        "gelu_tanh", by_tanh, [&](T x) { return by_tanh.derivative(x); },
        [&](Long x) { return x * logistic(u(x)); },
        [&](Long x) {
            if (std::abs(x) > 100) return x > 0 ? Long{1} : Long{0};
            return logistic(u(x)) * (1 + x * logistic(-u(x)) * std::sqrt(8 / pi) * (1 + 0.134145L * x * x));
        },
        [&](Long x) {
            return x < 0 ? std::exp((std::max)(u(x), Long{-1000})) * (1 + std::abs(u(x))) * (1 + x * x) * 2
                         : Long{0.1L};
        });
    const functions::TanhOfSoftplusLinear mish;
    const auto t = [](Long x) { return std::tanh(std::log1p(std::exp((std::min)(x, Long{50})))); };
    check<T>(
        "mish", mish, [&](T x) { return mish.derivative(x); }, [&](Long x) { return x * t(x); },
        [&](Long x) { return t(x) + x * (1 - t(x) * t(x)) * logistic(x); }, of_zero);
}

} // namespace

BOOST_AUTO_TEST_CASE(activations_are_accurate_in_float) { check_all<float>(); }
BOOST_AUTO_TEST_CASE(activations_are_accurate_in_double) { check_all<double>(); }

BOOST_AUTO_TEST_CASE(prelu_sums_the_gradient_of_its_slopes) {
    constexpr int batch = 3, channels = 5, pixels = 12;
    using Shape = Image<channels, 3, 4>;
    using Each = Network<Sequential<detail::InputLayer<Shape>, PReLU<channels>>, TestBackend>;
    using One = Network<Sequential<detail::InputLayer<Shape>, PReLU<1>>, TestBackend>;
    const integers::Values x = integers::draw(batch * Shape::size, 1),
                           dy = integers::draw(batch * Shape::size, 2);
    integers::Values y(x.size()), dx(x.size()), da(channels), da_of_all(1); // y and dx four times
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = x[i] > 0 ? 4 * x[i] : x[i];
        dx[i] = x[i] > 0 ? 4 * dy[i] : dy[i];
        const long term = x[i] > 0 ? 0 : x[i] * dy[i];
        da[i / pixels % channels] += term;
        da_of_all[0] += term;
    }
    const auto run = [&]<class TheNetwork>(std::type_identity<TheNetwork>, const integers::Values& slopes) {
        TheNetwork network(0);
        BOOST_TEST(transfer::value(network.template parameter<1, 0>()) == 0.25F);
        BatchOn<Shape, TestBackend> input(batch), output_gradient(batch);
        integers::put<Shape>(x, input.data());
        integers::put<Shape>(dy, output_gradient.data());
        typename TheNetwork::TrainingWorkspace workspace(batch);
        typename TheNetwork::Gradients gradients;
        auto output = transfer::values(network.forward_training(input, workspace));
        auto to_input = transfer::values(
            network.template backward<WithRespectTo::both>(output_gradient, workspace, &gradients));
        for (float& value : output) value *= 4;
        for (float& value : to_input) value *= 4;
        integers::check_equal<Shape>(output, y, "forward");
        integers::check_equal<Shape>(to_input, dx, "to input");
        integers::check_tensor(gradients.template tensor<1, 0>(), slopes, "to slopes");
    };
    run(std::type_identity<Each>{}, da);
    run(std::type_identity<One>{}, da_of_all);
}

BOOST_AUTO_TEST_CASE(softmax_is_over_the_channels_and_does_not_overflow) {
    using Net = Network<Sequential<Input<3, 1, 2>, Softmax>, TestBackend>;
    BatchOn<Image<3, 1, 2>, TestBackend> input(1);
    transfer::put(std::vector<float>{1000, 1000, -1000, -500, -500 + std::log(2.0F), -500}, input.data());
    Net network(0);
    Net::Workspace workspace(1);
    const std::vector<double> expected{0.5, 0.5, 0, 0.25, 0.5, 0.25};
    const auto found = transfer::values(network.forward(input, workspace));
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST(std::abs(static_cast<double>(found[i]) - expected[i]) < 1e-5);
}
