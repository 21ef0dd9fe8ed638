#pragma once

#include "backend.hpp"
#include "expect.hpp"
#include "threads.hpp"
#include <cmath>
#include <limits>
#include <string>
#include <vector>

/// Sums over a batch: the statistics of batch normalization, and sums of squares.
namespace gpu_tests {

using ctgan::Index;

constexpr int channels = 3;

/// A matrix of rows by channels. The channels: a spike in the first row and noise around 0; noise around 1e4;
/// noise around 0. The deviation of the noise is 1e-2.
template <class T>
std::vector<T> columns(Index rows) {
    const ctgan::random::Stream stream{5, 0, 1};
    std::vector<T> x;
    for (Index i = 0; i < rows * channels; ++i)
        x.push_back(static_cast<T>(0.01 * ctgan::random::normal(stream.bits(i)) +
                                   (i == 0 || i % channels == 1 ? 1e4 : 0)));
    return x;
}

template <class T>
struct Statistics {
    std::vector<T> mean, variance, running_mean, running_variance, y;
};

/// Mean, variance and normalized values of a matrix.
template <class T>
Statistics<T> statistics_of(const std::vector<T>& values) {
    const Index size = static_cast<Index>(values.size()), rows = size / channels;
    const auto x = on_device(values);
    Cuda::Memory<T> mean(channels), variance(channels), running_mean(channels), running_variance(channels),
        bias(channels), y(size);
    const auto weight = on_device(std::vector<T>(channels, T{1}));
    Cuda::batch_moments<channels>(mean.data(), variance.data(), running_mean.data(), running_variance.data(),
                                  static_cast<const T*>(x.data()), rows, T(0.1));
    Cuda::batch_norm<channels>(
        y.data(), static_cast<const T*>(x.data()), ctgan::Moments<T>{mean.data(), variance.data(), T(1e-12)},
        static_cast<const T*>(weight.data()), static_cast<const T*>(bias.data()), rows);
    return {on_host(mean.data(), channels), on_host(variance.data(), channels),
            on_host(running_mean.data(), channels), on_host(running_variance.data(), channels),
            on_host(y.data(), size)};
}

template <class T>
void check_moments(Index rows) {
    const std::vector<T> values = columns<T>(rows);
    const Statistics<T> found = statistics_of(values);
    const std::string label = std::to_string(rows) + " rows in " + (sizeof(T) > 4 ? "double" : "float");
    const double limit = sizeof(T) > 4 ? 1e-13 : 1e-6;
    const double n = static_cast<double>(rows);
    const char* const names[channels] = {"a spike, ", "a large mean, ", "noise, "};
    for (int c = 0; c < channels; ++c) {
        long double mean = 0, variance = 0;
        for (Index row = 0; row < rows; ++row)
            mean += static_cast<long double>(values[static_cast<std::size_t>(row * channels + c)]);
        mean /= static_cast<long double>(rows);
        for (Index row = 0; row < rows; ++row) {
            const long double d =
                static_cast<long double>(values[static_cast<std::size_t>(row * channels + c)]) - mean;
            variance += d * d;
        }
        variance /= static_cast<long double>(rows);
        const auto at = static_cast<std::size_t>(c);
        const double m = static_cast<double>(mean), v = static_cast<double>(variance);
        // Means of rows are rounded to double, which the variance sees in units of the deviation.
        const double variance_limit = limit + 0x1p-53 * std::abs(m) / std::sqrt(v);
        expect::within(std::abs(static_cast<double>(found.mean[at]) - m),
                       limit * (std::abs(m) + std::sqrt(v)), names[c] + label + ": mean off by");
        expect::within(std::abs(static_cast<double>(found.variance[at]) / v - 1), variance_limit,
                       names[c] + label + ": variance off by");
        expect::within(
            std::abs(static_cast<double>(found.running_variance[at]) / (0.1 * v * n / (n - 1)) - 1),
            variance_limit, names[c] + label + ": running variance off by");
    }
}

/// NaN or infinity in a channel gives NaN, in this channel only.
inline void check_bad_values(Index rows) {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()})
        for (const Index row : {Index{0}, rows / 2, rows - 1}) {
            std::vector<float> values = columns<float>(rows);
            values[static_cast<std::size_t>(row * channels + 1)] = bad;
            const Statistics<float> found = statistics_of(values);
            bool holds = std::isnan(found.variance[1]) && std::isnan(found.running_variance[1]);
            for (std::size_t i = 0; i < values.size(); ++i)
                holds = holds && std::isnan(found.y[i]) == (i % channels == 1);
            expect::that(holds, expect::figure(static_cast<double>(bad)) + " in row " + std::to_string(row) +
                                    " of " + std::to_string(rows) + " makes its channel NaN, and no other");
        }
}

/// A step on a batch with NaN or infinity is noted as a bad one.
inline void check_bad_step() {
    using Net = ctgan::Network<ctgan::Sequential<ctgan::Linear<4, 3>, ctgan::BatchNorm1d<3>>, Cuda>;
    constexpr int batch = 40;
    for (const float value :
         {1.F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        Net net(1);
        Net::TrainingWorkspace workspace(batch);
        Net::Gradients gradients;
        ctgan::Adam<Net> adam(net);
        ctgan::BatchOn<ctgan::Flat<4>, Cuda> x(batch);
        ctgan::BatchOn<ctgan::Flat<3>, Cuda> dy(batch);
        Cuda::fill_normal(x.data(), x.size(), 1.F, {1, 0, 1});
        Cuda::fill_normal(dy.data(), dy.size(), 1.F, {1, 0, 2});
        Cuda::from_host(x.data() + 17, &value, 1);
        net.forward_training(x, workspace);
        net.backward(dy, workspace, gradients);
        adam.step(net, gradients);
        expect::that((adam.first_bad_step() == 1) == !std::isfinite(value),
                     expect::figure(static_cast<double>(value)) + " in a batch: first bad step " +
                         std::to_string(adam.first_bad_step()));
    }
}

/// `scale` times normal values; the squares of float values may be too large for float.
template <class T>
void check_sum_of_squares(Index n, T scale) {
    std::vector<T> values;
    const ctgan::random::Stream stream{5, 0, 2};
    long double expected = 0;
    for (Index i = 0; i < n; ++i) {
        values.push_back(scale * static_cast<T>(ctgan::random::normal(stream.bits(i))));
        expected += static_cast<long double>(values.back()) * static_cast<long double>(values.back());
    }
    Cuda::Memory<double> result(1);
    const auto sum = [&] {
        const auto x = on_device(values);
        Cuda::sum_of_squares(result.data(), static_cast<const T*>(x.data()), n);
        return on_host(result.data(), 1);
    };
    const std::string label = std::to_string(n) + (sizeof(T) > 4 ? " doubles" : " floats");
    expect::within(std::abs(static_cast<double>(sum()[0] / expected - 1)), 1e-13,
                   label + ": sum of squares off by");
    expect_same_bits(sum, "sum of squares of " + label);
    values[static_cast<std::size_t>(n / 2)] = std::numeric_limits<T>::quiet_NaN();
    expect::that(std::isnan(sum()[0]), label + ", one of them NaN: sum of squares");
}

inline void check_statistics() {
    for (const Index rows : {5, 31, 32, 1000, 100'000}) {
        check_moments<float>(rows);
        check_moments<double>(rows);
        const auto values = columns<float>(rows);
        expect_same_bits([&] { return statistics_of(values).variance; },
                         "variances of " + std::to_string(rows) + " rows");
    }
    check_bad_values(20);
    check_bad_values(2000);
    check_bad_step();
    for (const Index n : {1, 15, 100, 5000, 70'000, 300'000}) {
        check_sum_of_squares(n, 1.F);
        check_sum_of_squares(n, 1e25F);
        check_sum_of_squares(n, 1.0);
    }
}

} // namespace gpu_tests
