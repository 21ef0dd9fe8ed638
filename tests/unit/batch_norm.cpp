#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/frozen.hpp>
#include <ctgan/network/network.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cmath>
#include <ratio>
#include <stdexcept>
#include <vector>

using namespace ctgan;

namespace {

using Net = Sequential<Input<3, 5, 4>, BatchNorm2d<3>>;
using Picture = Image<3, 5, 4>;

template <class T>
BatchOn<Picture, TestBackend, T> normal_batch(int count, T mean, T deviation) {
    BatchOn<Picture, TestBackend, T> batch(count);
    TestBackend::fill_normal(batch.data(), batch.size(), deviation, {1, 2, 3});
    auto values = transfer::values(batch);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += mean * static_cast<T>(i % 3 + 1);
    transfer::put(values, batch.data());
    return batch;
}

struct Moments {
    double mean = 0, variance = 0; ///< the biased variance
};

/// The moments of a channel, computed in double with two passes.
template <class T>
Moments moments(const std::vector<T>& values, int channel) {
    Moments m;
    const double n = static_cast<double>(values.size()) / 3;
    const auto begin = static_cast<std::size_t>(channel);
    for (std::size_t i = begin; i < values.size(); i += 3) m.mean += static_cast<double>(values[i]) / n;
    for (std::size_t i = begin; i < values.size(); i += 3)
        m.variance +=
            (static_cast<double>(values[i]) - m.mean) * (static_cast<double>(values[i]) - m.mean) / n;
    return m;
}

} // namespace

/// The variance must not be computed as mean of squares minus square of the mean: cancellation would leave no
/// correct digit here.
BOOST_AUTO_TEST_CASE(training_normalizes_values_far_from_zero) {
    const auto input = normal_batch<float>(32, 1e4F, 1.0F);
    Network<Net, TestBackend> network(0);
    decltype(network)::TrainingWorkspace workspace(32);
    const auto output = network.forward_training(input, workspace);
    for (int channel = 0; channel < 3; ++channel) {
        const auto before = moments(transfer::values(input), channel);
        const auto after = moments(transfer::values(output), channel);
        BOOST_TEST(std::abs(after.mean) < 2e-3); // float represents a mean of 1e4 to within 5e-4
        BOOST_TEST(after.variance == 1.0, boost::test_tools::tolerance(1e-3));
        const double running = static_cast<double>(transfer::value(network.buffer<1, 1>() + channel));
        BOOST_TEST(running == 0.9 + 0.1 * before.variance * 640 / 639, boost::test_tools::tolerance(1e-4));
    }
}

BOOST_AUTO_TEST_CASE(running_statistics_move_by_a_tenth_toward_the_mean_and_the_unbiased_variance) {
    const auto first = normal_batch<double>(4, 0.5, 2), second = normal_batch<double>(2, -3, 0.5);
    Network<Net, TestBackend, double> network(0);
    decltype(network)::TrainingWorkspace workspace(4);
    network.forward_training(first, workspace);
    network.forward_training(second, workspace);
    for (int channel = 0; channel < 3; ++channel) {
        const auto a = moments(transfer::values(first), channel);
        const auto b = moments(transfer::values(second), channel);
        const double mean = 0.9 * (0.9 * 0 + 0.1 * a.mean) + 0.1 * b.mean;
        const double variance = 0.9 * (0.9 * 1 + 0.1 * a.variance * 80 / 79) + 0.1 * b.variance * 40 / 39;
        const double running_mean = transfer::value(network.buffer<1, 0>() + channel);
        const double running_variance = transfer::value(network.buffer<1, 1>() + channel);
        BOOST_TEST(running_mean == mean, boost::test_tools::tolerance(1e-12));
        BOOST_TEST(running_variance == variance, boost::test_tools::tolerance(1e-12));
    }
    BOOST_TEST(network.training_passes() == 2);
}

BOOST_AUTO_TEST_CASE(evaluation_uses_the_running_statistics_and_does_not_change_them) {
    const auto input = normal_batch<double>(4, 0.5, 2);
    Network<Net, TestBackend, double> network(0);
    decltype(network)::Workspace workspace(4);
    for (int channel = 0; channel < 3; ++channel) {
        transfer::put(0.25 * channel, network.buffer<1, 0>() + channel);
        transfer::put(2 + channel, network.buffer<1, 1>() + channel);
        transfer::put(3 - channel, network.parameter<1, 0>() + channel);
        transfer::put(0.5 * channel, network.parameter<1, 1>() + channel);
    }
    const auto values = transfer::values(input), output = transfer::values(network.forward(input, workspace));
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double c = static_cast<double>(i % 3);
        const double expected = (values[i] - 0.25 * c) / std::sqrt(2 + c + 1e-5) * (3 - c) + 0.5 * c;
        BOOST_TEST(output[i] == expected, boost::test_tools::tolerance(1e-12));
    }
    BOOST_TEST(transfer::value(network.buffer<1, 0>() + 2) == 0.5);
    BOOST_TEST(network.training_passes() == 0);
}

BOOST_AUTO_TEST_CASE(training_on_one_value_per_channel_throws) {
    Network<Sequential<Input<4>, BatchNorm1d<4>>, TestBackend> features(0);
    decltype(features)::TrainingWorkspace workspace(2);
    BatchOn<Flat<4>, TestBackend> batch(2);
    BOOST_CHECK_THROW(features.forward_training(batch.first(1), workspace), std::invalid_argument);
    BOOST_CHECK_NO_THROW(features.forward(batch.first(1), workspace));
    BOOST_CHECK_NO_THROW(features.forward_training(batch, workspace));

    Network<Sequential<Input<2, 1, 1>, BatchNorm2d<2>>, TestBackend> pixels(0);
    decltype(pixels)::TrainingWorkspace pixel_workspace(1);
    BatchOn<Image<2, 1, 1>, TestBackend> pixel(1);
    BOOST_CHECK_THROW(pixels.forward_training(pixel, pixel_workspace), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(evaluation_with_eps_and_without_weight) {
    using Plain = Sequential<Input<3, 5, 4>, BatchNorm2d<3, std::ratio<1, 2>, std::ratio<1, 4>, false>>;
    static_assert(Network<Plain, TestBackend>::parameter_count == 0);
    const auto input = normal_batch<double>(4, 1, 2);
    Network<Plain, TestBackend, double> network(0);
    decltype(network)::TrainingWorkspace workspace(4);
    network.forward_training(input, workspace);
    const double expected = 0.75 * 0 + 0.25 * moments(transfer::values(input), 2).mean;
    BOOST_TEST(transfer::value(network.buffer<1, 0>() + 2) == expected, boost::test_tools::tolerance(1e-12));
    for (int channel = 0; channel < 3; ++channel) {
        transfer::put(0.25 * channel, network.buffer<1, 0>() + channel);
        transfer::put(2 + channel, network.buffer<1, 1>() + channel);
    }
    const auto values = transfer::values(input), output = transfer::values(network.forward(input, workspace));
    const Frozen frozen(network);
    decltype(frozen)::Workspace of_frozen(4);
    const auto prepared = transfer::values(frozen.forward(input, of_frozen));
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double c = static_cast<double>(i % 3);
        const double normalized = (values[i] - 0.25 * c) / std::sqrt(2 + c + 0.5);
        BOOST_TEST(output[i] == normalized, boost::test_tools::tolerance(1e-12));
        BOOST_TEST(prepared[i] == normalized, boost::test_tools::tolerance(1e-12));
    }
}
