// Normalizations of samples by themselves, in parts of a sample and in blocks of channels, against their
// formulas. (The gradient tests and the recorded results are on small shapes.)

#include <ctgan/ctgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace ctgan;

namespace {

using Doubles = std::vector<double>;

Doubles drawn(Index n, std::uint32_t purpose, double mean) {
    Doubles values(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i)
        values[static_cast<std::size_t>(i)] = mean + random::normal(random::Stream{3, 0, purpose}.bits(i));
    return values;
}

void check_equal(const Doubles& found, const Doubles& expected, double limit) {
    double largest = 0, size = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (!(std::abs(found[i] - expected[i]) <= largest)) largest = std::abs(found[i] - expected[i]);
        size = std::max(size, std::abs(expected[i]));
    }
    BOOST_TEST(largest <= limit * size, "off by " << largest << " of " << size);
}

/// What a pass forward and backward should give. A sample is `rows` of `channels` values, and each value of a
/// row has a weight and a bias.
struct Expected {
    Doubles y, dx, dw, db;
    Expected(const Doubles& x, const Doubles& dy, const Doubles& w, const Doubles& b, std::size_t rows,
             std::size_t groups)
        : y(x.size()), dx(x.size()), dw(w.size()), db(w.size()) {
        const std::size_t channels = w.size(), size = rows * channels, in_group = channels / groups;
        for (std::size_t sample = 0; sample < x.size() / size; ++sample)
            for (std::size_t g = 0; g < groups; ++g) {
                const auto each = [&](auto f) {
                    for (std::size_t r = 0; r < rows; ++r)
                        for (std::size_t c = g * in_group; c < (g + 1) * in_group; ++c)
                            f(sample * size + r * channels + c, c);
                };
                const double n = static_cast<double>(rows * in_group);
                double mean = 0, variance = 0, sum = 0, products = 0;
                each([&](std::size_t i, std::size_t) { mean += x[i] / n; });
                each([&](std::size_t i, std::size_t) { variance += (x[i] - mean) * (x[i] - mean) / n; });
                const double factor = 1 / std::sqrt(variance + 1e-5);
                each([&](std::size_t i, std::size_t c) {
                    const double normalized = (x[i] - mean) * factor;
                    y[i] = normalized * w[c] + b[c];
                    dw[c] += dy[i] * normalized;
                    db[c] += dy[i];
                    sum += w[c] * dy[i] / n;
                    products += w[c] * dy[i] * normalized / n;
                });
                each([&](std::size_t i, std::size_t c) {
                    dx[i] = factor * (w[c] * dy[i] - sum - (x[i] - mean) * factor * products);
                });
            }
    }
};

/// `Layer` has `groups` groups; its weight has as many values as a row. The mean is a hundred deviations.
template <class Layer, class Shape>
void check(int batch, int groups) {
    using Net = Sequential<detail::InputLayer<Shape>, Layer>;
    using TheNetwork = Network<Net, TestBackend, double>;
    TheNetwork network(0);
    const Index channels = Layer::parameters[0].size();
    BatchOn<Shape, TestBackend, double> input(batch), output_gradient(batch);
    const Doubles x = drawn(input.size(), 0, 100), dy = drawn(input.size(), 1, 0);
    const Doubles w = drawn(channels, 2, 1), b = drawn(channels, 3, 0);
    transfer::put(x, input.data());
    transfer::put(dy, output_gradient.data());
    transfer::put(w, network.template parameter<1, 0>());
    transfer::put(b, network.template parameter<1, 1>());
    const Expected expected(x, dy, w, b, static_cast<std::size_t>(Shape::size / channels),
                            static_cast<std::size_t>(groups));
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    constexpr double limit = 1e-12;
    const Doubles y = transfer::values(network.forward_training(input, workspace));
    check_equal(y, expected.y, limit);
    check_equal(transfer::values(
                    network.template backward<WithRespectTo::both>(output_gradient, workspace, &gradients)),
                expected.dx, limit);
    check_equal(transfer::values(gradients.template tensor<1, 0>(), channels), expected.dw, limit);
    check_equal(transfer::values(gradients.template tensor<1, 1>(), channels), expected.db, limit);

    // A sample by itself, in a workspace for inference.
    typename TheNetwork::Workspace alone(1);
    const auto last = network.forward(samples(input, batch - 1, 1), alone);
    BOOST_TEST((transfer::values(last) == Doubles(y.end() - Shape::size, y.end())));
}

} // namespace

BOOST_AUTO_TEST_CASE(group_norm_of_large_images) {
    check<GroupNorm<3, 36>, Image<36, 13, 25>>(2, 3); // groups across blocks of 32 channels, three parts
    check<GroupNorm<1, 40>, Image<40, 13, 9>>(2, 1);  // one group in two parts
    check<GroupNorm<32, 64>, Image<64, 5, 5>>(3, 32); // one part
    check<GroupNorm<5, 4500>, Flat<4500>>(2, 5);      // one pixel
}

BOOST_AUTO_TEST_CASE(instance_norm2d_of_large_images) {
    check<InstanceNorm2d<33, std::ratio<1, 100000>, true>, Image<33, 16, 16>>(2, 33);
}

BOOST_AUTO_TEST_CASE(layer_norm_of_large_samples) {
    check<LayerNorm<4101>, Flat<4101>>(2, 1); // in two parts
    check<LayerNorm<50>, Flat<50>>(100, 1);   // in chunks of samples
}
