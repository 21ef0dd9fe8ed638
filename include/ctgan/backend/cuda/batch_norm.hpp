#pragma once

#include <ctgan/backend/cuda/rows.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <cmath>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// The terms of mean and variance: distances from the first row, and their squares. The first value of a
/// channel is usually about as far from the mean as the others, so a single sweep loses no digits even if the
/// mean is large compared with the deviation.
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

/// Mean, variance and running statistics of a channel from the sums of FromFirstRow.
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
        running_mean[channel] = ctgan::detail::running_average(running_mean[channel], mean[channel]);
        running_variance[channel] = ctgan::detail::running_average(
            running_variance[channel], static_cast<T>(rows / (rows - 1)) * variance[channel]);
    }
};

template <int Channels, class T>
struct Normalize {
    const T* x;
    Moments<T> moments;
    const T *weight, *bias;
    T* y;
    CTGAN_HD void operator()(Index i) const {
        const int c = DivMod<Channels>(i).remainder;
        y[i] = (x[i] - moments.mean[c]) * (weight[c] / std::sqrt(moments.variance[c] + moments.epsilon)) +
               bias[c];
    }
};

/// The terms of the two sums that the backward pass needs.
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
    NormGradientSums<T> sums, gradients;
    const T* variance;
    T epsilon;
    bool add;
    CTGAN_HD void operator()(int channel, const double (&total)[2]) const {
        sums.dy[channel] = static_cast<T>(total[0]);
        sums.dy_normalized[channel] = static_cast<T>(total[1]) / std::sqrt(variance[channel] + epsilon);
        put(gradients.dy_normalized, sums.dy_normalized[channel], channel);
        put(gradients.dy, sums.dy[channel], channel);
    }

  private:
    CTGAN_HD void put(T* gradient, T sum, int channel) const {
        if (gradient) gradient[channel] = add ? gradient[channel] + sum : sum;
    }
};

template <int Channels, class T, class F>
struct NormInputGradient {
    F f;
    const T *x, *dy;
    Moments<T> moments;
    const T* weight;
    NormGradientSums<const T> sums;
    T rows;
    T* dx;
    CTGAN_HD void operator()(Index i) const {
        const int c = DivMod<Channels>(i).remainder;
        const T deviation = std::sqrt(moments.variance[c] + moments.epsilon);
        T gradient = dy[i];
        if (sums.dy)
            gradient = gradient - sums.dy[c] / rows -
                       (x[i] - moments.mean[c]) * (sums.dy_normalized[c] / (deviation * rows));
        dx[i] = f(x[i], weight[c] / deviation * gradient);
    }
};

} // namespace detail

/// Batch normalization of a matrix of rows by channels; the same for BatchNorm1d and BatchNorm2d.
struct BatchNormOperations {
    /// Mean and biased variance of each channel. The running statistics move toward the mean and the
    /// unbiased variance.
    template <int Channels, class T>
    static void batch_moments(T* mean, T* variance, T* running_mean, T* running_variance, const T* x,
                              Index rows) {
        sum_over_rows<Channels, T>(rows, detail::FromFirstRow<Channels, T>{x},
                                   detail::ToMoments<T>{x, static_cast<double>(rows), mean, variance,
                                                        running_mean, running_variance});
    }

    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
    template <int Channels, class T>
    static void batch_norm(T* y, const T* x, Moments<T> moments, const T* weight, const T* bias, Index rows) {
        parallel_for(rows * Channels, detail::Normalize<Channels, T>{x, moments, weight, bias, y});
    }

    /// The two sums that the backward pass needs. They are also the gradients with respect to bias and
    /// weight: they overwrite `gradients` or, with `add`, are added to them, unless those pointers are null.
    template <int Channels, class T>
    static void batch_norm_gradient_sums(NormGradientSums<T> sums, NormGradientSums<T> gradients, const T* x,
                                         const T* dy, Moments<T> moments, Index rows, bool add) {
        sum_over_rows<Channels, T>(
            rows, detail::GradientTerms<Channels, T>{x, dy, moments.mean},
            detail::ToGradientSums<T>{sums, gradients, moments.variance, moments.epsilon, add});
    }

    // clang-format off
    /// The gradient with respect to x, with s = sqrt(variance + epsilon). In training mode, where mean and
    /// variance depend on x, too:
    ///     dx = weight / s * (dy - sums.dy / rows - (x - mean) / s * sums.dy_normalized / rows).
    /// In evaluation mode, where both sums are null:
    ///     dx = weight / s * dy.
    /// Stores f(x, dx). dx and dy may be the same memory.
    // clang-format on
    template <int Channels, class T, class F>
    static void batch_norm_input_gradient(T* dx, const T* x, const T* dy, Moments<T> moments, const T* weight,
                                          NormGradientSums<const T> sums, Index rows, F f) {
        parallel_for(rows * Channels, detail::NormInputGradient<Channels, T, F>{
                                          f, x, dy, moments, weight, sums, static_cast<T>(rows), dx});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
