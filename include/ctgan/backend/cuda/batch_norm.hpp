#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cuda/rows.hpp>

#include <cmath>

namespace ctgan::cuda {

namespace detail {

/// Distances from the first row, and their squares. A channel's first number is about as far from its mean as
/// the others are, so a single pass loses no digits where the mean is large beside the deviation.
template <int Channels, class T>
struct FromFirstRow {
    static constexpr int count = 2;
    using Values = ValuesOf<T, 2>;
    const T* x;
    CTGAN_HD Values operator()(Index row, int channel) const {
        const T distance = x[row * Channels + channel] - x[channel];
        return {{distance, distance * distance}};
    }
};

template <class T>
struct ToMoments {
    const T* x;
    double rows;
    T *mean, *variance, *running_mean, *running_variance;
    CTGAN_HD void operator()(int channel, const double (&total)[2]) const {
        const double distance = total[0] / rows;
        const double spread = (total[1] - total[0] * distance) / rows;
        mean[channel] = static_cast<T>(static_cast<double>(x[channel]) + distance);
        variance[channel] = static_cast<T>(spread > 0 ? spread : 0);
        running_mean[channel] = moved_towards(running_mean[channel], mean[channel]);
        running_variance[channel] =
            moved_towards(running_variance[channel], static_cast<T>(rows / (rows - 1)) * variance[channel]);
    }
};

template <int Channels, class T>
struct Normalize {
    const T *x, *mean, *variance, *weight, *bias;
    T epsilon;
    T* y;
    CTGAN_HD void operator()(Index i) const {
        const int c = Split<Channels>(i).remainder;
        y[i] = (x[i] - mean[c]) * (weight[c] / std::sqrt(variance[c] + epsilon)) + bias[c];
    }
};

template <int Channels, class T>
struct GradientTerms {
    static constexpr int count = 2;
    using Values = ValuesOf<T, 2>;
    const T *x, *dy, *mean;
    CTGAN_HD Values operator()(Index row, int channel) const {
        const Index i = row * Channels + channel;
        return {{dy[i], dy[i] * (x[i] - mean[channel])}};
    }
};

template <class T>
struct ToGradientSums {
    const T* variance;
    T epsilon;
    T *sum_dy, *sum_dy_x, *weight_gradient, *bias_gradient;
    bool add;
    CTGAN_HD void operator()(int channel, const double (&total)[2]) const {
        sum_dy[channel] = static_cast<T>(total[0]);
        sum_dy_x[channel] = static_cast<T>(total[1]) / std::sqrt(variance[channel] + epsilon);
        put(sum_dy_x[channel], weight_gradient, channel);
        put(sum_dy[channel], bias_gradient, channel);
    }

  private:
    CTGAN_HD void put(T sum, T* gradient, int channel) const {
        if (gradient) gradient[channel] = add ? gradient[channel] + sum : sum;
    }
};

template <int Channels, class T, class Chain>
struct NormInputGradient {
    Chain chain;
    const T *x, *dy, *mean, *variance, *weight;
    T epsilon;
    const T *sum_dy, *sum_dy_x;
    T rows;
    T* dx;
    CTGAN_HD void operator()(Index i) const {
        const int c = Split<Channels>(i).remainder;
        const T deviation = std::sqrt(variance[c] + epsilon);
        T gradient = dy[i];
        if (sum_dy)
            gradient = gradient - sum_dy[c] / rows - (x[i] - mean[c]) * (sum_dy_x[c] / (deviation * rows));
        dx[i] = chain(x[i], weight[c] / deviation * gradient);
    }
};

} // namespace detail

/// Batch normalization of a matrix of rows by channels: the same for BatchNorm1d and BatchNorm2d.
struct BatchNormVerbs {
    /// Mean and biased variance of each channel; the running statistics move towards the mean and the
    /// unbiased variance.
    template <int Channels, class T>
    static void batch_moments(Index rows, const T* x, T* mean, T* variance, T* running_mean,
                              T* running_variance) {
        sum_over_rows<Channels, T>(rows, detail::FromFirstRow<Channels, T>{x},
                                   detail::ToMoments<T>{x, static_cast<double>(rows), mean, variance,
                                                        running_mean, running_variance});
    }

    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
    template <int Channels, class T>
    static void batch_norm(Index rows, const T* x, const T* mean, const T* variance, const T* weight,
                           const T* bias, T epsilon, T* y) {
        for_each_piece(rows * Channels,
                       detail::Normalize<Channels, T>{x, mean, variance, weight, bias, epsilon, y});
    }

    /// Per channel: the sum of dy, which is the gradient to the bias, and the sum of dy times the normalized
    /// x, which is the gradient to the weight. Both go, or with `add` are added, to where these gradients
    /// are, unless that is null.
    template <int Channels, class T>
    static void batch_norm_gradient_sums(Index rows, const T* x, const T* dy, const T* mean,
                                         const T* variance, T epsilon, T* sum_dy, T* sum_dy_x,
                                         T* weight_gradient, T* bias_gradient, bool add) {
        sum_over_rows<Channels, T>(rows, detail::GradientTerms<Channels, T>{x, dy, mean},
                                   detail::ToGradientSums<T>{variance, epsilon, sum_dy, sum_dy_x,
                                                             weight_gradient, bias_gradient, add});
    }

    // clang-format off
    /// Training mode, where mean and variance depend on x, too, with s = sqrt(variance + epsilon):
    ///     dx = weight / s * (dy - sum_dy / rows - (x - mean) / s * sum_dy_x / rows).
    /// Evaluation mode (both sums null): dx = weight / s * dy. dx may be dy. What is stored is chain(x, dx).
    // clang-format on
    template <int Channels, class T, class Chain>
    static void batch_norm_input_gradient(Index rows, const T* x, const T* dy, const T* mean,
                                          const T* variance, const T* weight, T epsilon, const T* sum_dy,
                                          const T* sum_dy_x, T* dx, Chain chain) {
        for_each_piece(rows * Channels, detail::NormInputGradient<Channels, T, Chain>{
                                            chain, x, dy, mean, variance, weight, epsilon, sum_dy, sum_dy_x,
                                            static_cast<T>(rows), dx});
    }
};

} // namespace ctgan::cuda
