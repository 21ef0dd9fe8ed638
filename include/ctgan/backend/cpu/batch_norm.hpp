#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/rows.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/config.hpp>

#include <cmath>

namespace ctgan::cpu {

/// Batch normalization of a matrix of rows by channels: the same for BatchNorm1d and BatchNorm2d.
struct BatchNormVerbs {
    /// Mean and biased variance of each channel; the running statistics move towards the mean and the
    /// unbiased variance. Two passes: one pass of sums of squares loses all digits where the mean is large
    /// beside the deviation.
    template <int Channels, class T>
    static void batch_moments(Index rows, const T* x, T* mean, T* variance, T* running_mean,
                              T* running_variance) {
        const T unbiased = static_cast<T>(static_cast<double>(rows) / static_cast<double>(rows - 1));
        ChannelBlocks<Channels>::for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            const T* column = x + first;
            T m[Width], v[Width];
            sum_over_rows(rows, m, [&](Index r, int k) { return column[r * Channels + k]; });
            for (T& value : m) value /= static_cast<T>(rows);
            sum_over_rows(rows, v, [&](Index r, int k) {
                const T d = column[r * Channels + k] - m[k];
                return d * d;
            });
            for (int k = 0; k < Width; ++k) {
                mean[first + k] = m[k];
                variance[first + k] = v[k] / static_cast<T>(rows);
                running_mean[first + k] = moved_towards(running_mean[first + k], m[k]);
                running_variance[first + k] =
                    moved_towards(running_variance[first + k], unbiased * variance[first + k]);
            }
        });
    }

    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
    template <int Channels, class T>
    static void batch_norm(Index rows, const T* x, const T* mean, const T* variance, const T* weight,
                           const T* bias, T epsilon, T* y) {
        ChannelBlocks<Channels>::for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            T m[Width], scale[Width], shift[Width];
            deviations(variance + first, epsilon, scale);
            for (int k = 0; k < Width; ++k) {
                m[k] = mean[first + k];
                scale[k] = weight[first + k] / scale[k];
                shift[k] = bias[first + k];
            }
            for (Index r = 0; r < rows; ++r)
                for (int k = 0; k < Width; ++k) {
                    const Index i = r * Channels + first + k;
                    y[i] = (x[i] - m[k]) * scale[k] + shift[k];
                }
        });
    }

    /// Per channel: the sum of dy, which is the gradient to the bias, and the sum of dy times the normalized
    /// x, which is the gradient to the weight. Both go, or with `add` are added, to where these gradients
    /// are, unless that is null.
    template <int Channels, class T>
    static void batch_norm_gradient_sums(Index rows, const T* x, const T* dy, const T* mean,
                                         const T* variance, T epsilon, T* sum_dy, T* sum_dy_x,
                                         T* weight_gradient, T* bias_gradient, bool add) {
        ChannelBlocks<Channels>::for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            T total[Width], m[Width];
            const T* column = dy + first;
            sum_over_rows(rows, total, [&](Index r, int k) { return column[r * Channels + k]; });
            for (int k = 0; k < Width; ++k) {
                sum_dy[first + k] = total[k];
                m[k] = mean[first + k];
            }
            sum_over_rows(rows, total, [&](Index r, int k) {
                return column[r * Channels + k] * (x[r * Channels + first + k] - m[k]);
            });
            deviations(variance + first, epsilon, m);
            for (int k = 0; k < Width; ++k) sum_dy_x[first + k] = total[k] / m[k];
            const auto put = [&](const T* sum, T* gradient) {
                for (int k = first; gradient && k < first + Width; ++k)
                    gradient[k] = add ? gradient[k] + sum[k] : sum[k];
            };
            put(sum_dy_x, weight_gradient);
            put(sum_dy, bias_gradient);
        });
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
        ChannelBlocks<Channels>::for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            T m[Width], deviation[Width], scale[Width], constant[Width] = {}, slope[Width] = {};
            deviations(variance + first, epsilon, deviation);
            for (int k = 0; k < Width; ++k) {
                m[k] = mean[first + k];
                scale[k] = weight[first + k] / deviation[k];
            }
            if (sum_dy && sum_dy_x)
                for (int k = 0; k < Width; ++k) {
                    constant[k] = sum_dy[first + k] / static_cast<T>(rows);
                    slope[k] = sum_dy_x[first + k] / (deviation[k] * static_cast<T>(rows));
                }
            for (Index r = 0; r < rows; ++r) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (int k = 0; k < Width; ++k) {
                    const Index i = r * Channels + first + k;
                    dx[i] = chain(x[i], scale[k] * (dy[i] - constant[k] - (x[i] - m[k]) * slope[k]));
                }
            }
        });
    }

  private:
    /// sqrt(variance + epsilon). Not left to the compiler, which keeps std::sqrt's errno and so takes one
    /// root at a time.
    template <int Width, class T>
    static void deviations(const T* variance, T epsilon, T (&to)[Width]) {
        constexpr int lanes = Pack<T>::size, whole = Width / lanes * lanes;
        for (int k = 0; k < whole; k += lanes)
            sqrt(Pack<T>::load(variance + k) + Pack<T>(epsilon)).store(to + k);
        for (int k = whole; k < Width; ++k) to[k] = std::sqrt(variance[k] + epsilon);
    }
};

} // namespace ctgan::cpu
