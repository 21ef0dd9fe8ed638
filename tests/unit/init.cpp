#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/network.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>
#include <vector>

using namespace ctgan;

namespace {

/// Layers 0, 1, 3, 4 and 5 have tensors. In and Out of the transposed convolution differ, to distinguish its
/// fan-in.
using Net = Network<Sequential<Linear<50, 800>, BatchNorm1d<800>, Reshape<50, 4, 4>,
                               ConvTranspose2d<50, 20, 4, 2, 1>, BatchNorm2d<20>, Conv2d<20, 30, 3>>,
                    TestBackend>;

struct Sample {
    double min, max, mean, deviation;
};

/// The statistics of values in the backend's memory.
Sample sample_of(const float* values, Index n) {
    const auto on_host = transfer::values(values, n);
    const std::vector<double> all(on_host.begin(), on_host.end());
    const auto [min, max] = std::minmax_element(all.begin(), all.end());
    double sum = 0, squares = 0;
    for (const double x : all) {
        sum += x;
        squares += x * x;
    }
    const double mean = sum / static_cast<double>(n);
    return {*min, *max, mean, std::sqrt(squares / static_cast<double>(n) - mean * mean)};
}

/// Checks for a uniform distribution in [-bound, bound]: all values inside, some close to both ends, and
/// moments within four standard errors.
void check_uniform(const float* values, Index n, double bound) {
    const auto [min, max, mean, deviation] = sample_of(values, n);
    const double count = static_cast<double>(n);
    BOOST_TEST(min >= -bound * (1 + 1e-6));
    BOOST_TEST(max <= bound * (1 + 1e-6));
    BOOST_TEST(min < -bound * (1 - 20 / count));
    BOOST_TEST(max > bound * (1 - 20 / count));
    BOOST_TEST(std::abs(mean) < 4 * bound / std::sqrt(3 * count));
    BOOST_TEST(std::abs(deviation - bound / std::sqrt(3.0)) < 4 * bound / std::sqrt(15 * count));
}

void check_normal(const float* values, Index n, double center) {
    const auto [min, max, mean, deviation] = sample_of(values, n);
    const double count = static_cast<double>(n);
    BOOST_TEST(std::abs(mean - center) < 4 * 0.02 / std::sqrt(count));
    BOOST_TEST(std::abs(deviation - 0.02) < 4 * 0.02 / std::sqrt(2 * count));
    BOOST_TEST(max - min > 4 * 0.02);
}

void check_all(const float* values, Index n, float value) {
    const auto on_host = transfer::values(values, n);
    BOOST_TEST(std::count(on_host.begin(), on_host.end(), value) == n);
}

} // namespace

BOOST_AUTO_TEST_CASE(pytorch_s_initialization) {
    Net network(3);
    check_uniform(network.parameter<0, 0>(), 50 * 800, 1 / std::sqrt(50.0));
    check_uniform(network.parameter<0, 1>(), 800, 1 / std::sqrt(50.0));
    // PyTorch computes the fan-in from the second dimension of [In, Out, 4, 4].
    check_uniform(network.parameter<3, 0>(), 50 * 20 * 16, 1 / std::sqrt(20.0 * 16));
    check_uniform(network.parameter<5, 0>(), 30 * 20 * 9, 1 / std::sqrt(20.0 * 9));
    check_all(network.parameter<1, 0>(), 800, 1);
    check_all(network.parameter<1, 1>(), 800, 0);
    check_all(network.buffer<4, 0>(), 20, 0);
    check_all(network.buffer<4, 1>(), 20, 1);
}

BOOST_AUTO_TEST_CASE(the_fan_in_is_that_of_a_group) {
    using Grouped = Network<
        Sequential<
            Input<60, 3, 3>,
            Conv2dWith<Conv2dOptions{.in = 60, .out = 90, .kernel = {2, 3}, .groups = 3, .bias = false}>,
            ConvTranspose2dWith<ConvTranspose2dOptions{.in = 90, .out = 60, .kernel = 3, .groups = 6}>>,
        TestBackend>;
    Grouped network(3);
    check_uniform(network.parameter<1, 0>(), 90 * 20 * 6, 1 / std::sqrt(20.0 * 6));
    check_uniform(network.parameter<2, 0>(), 90 * 10 * 9, 1 / std::sqrt(10.0 * 9));
}

BOOST_AUTO_TEST_CASE(the_dcgan_paper_s_initialization) {
    Net network(3, init::Dcgan{});
    check_normal(network.parameter<0, 0>(), 50 * 800, 0);
    check_normal(network.parameter<3, 0>(), 50 * 20 * 16, 0);
    check_normal(network.parameter<5, 0>(), 30 * 20 * 9, 0);
    check_normal(network.parameter<1, 0>(), 800, 1);
    check_all(network.parameter<0, 1>(), 800, 0);
    check_all(network.parameter<1, 1>(), 800, 0);
    check_all(network.buffer<1, 0>(), 800, 0);
    check_all(network.buffer<1, 1>(), 800, 1);
}

BOOST_AUTO_TEST_CASE(a_seed_determines_every_value) {
    Net a(3), b(3), c(4);
    BOOST_TEST((transfer::values(a.parameters(), a.arena_size()) ==
                transfer::values(b.parameters(), b.arena_size())));
    BOOST_TEST((transfer::values(a.parameters(), 50) != transfer::values(c.parameters(), 50)));
}

BOOST_AUTO_TEST_CASE(tensors_of_a_network_do_not_repeat_each_other) {
    Net network(3);
    std::vector<std::vector<float>> tensors;
    for (const float* tensor :
         {network.parameter<0, 0>(), network.parameter<0, 1>(), network.parameter<3, 0>(),
          network.parameter<5, 0>(), network.parameter<5, 1>()})
        tensors.push_back(transfer::values(tensor, 20));
    for (const auto& a : tensors)
        for (const auto& b : tensors) {
            if (&a == &b) continue;
            // Uniform values of two tensors from the same bits would be proportional.
            int proportional = 0;
            for (std::size_t i = 1; i < 20; ++i)
                proportional += std::abs(a[i] * b[0] - b[i] * a[0]) < 1e-6F ? 1 : 0;
            BOOST_TEST(proportional < 5);
        }
}
