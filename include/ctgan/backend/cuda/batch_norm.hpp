#pragma once

#include <ctgan/backend/cuda/rows.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <cmath>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// Mean and squared distances from the mean of several groups of values. Sums in double of distances from the
/// first group's mean: since that group is one of the values, at most as many of double's digits cancel as
/// the number of groups has, wherever its mean is. NaN stays NaN, and infinity becomes NaN.
struct MergedMoments {
    double count = 0, origin = 0, distances = 0, squares = 0;

    /// `spread` is the sum of the group's squared distances from its own mean.
    CTGAN_HD void add(double group_count, double group_mean, double spread) {
        if (count == 0) origin = group_mean;
        const double distance = group_mean - origin;
        count += group_count;
        distances += group_count * distance;
        squares += spread + group_count * distance * distance;
    }
    CTGAN_HD double mean() const { return origin + distances / count; }
    CTGAN_HD double spread() const {
        const double sum = squares - distances * (distances / count);
        return sum < 0 ? 0 : sum; // not `sum > 0 ? sum : 0`, which makes 0 of NaN
    }
};

/// The moments of one channel of a matrix of rows by channels, over rows `first`, `first + step`, ... A
/// thread holds 16 values in registers and computes their mean and, in double, their distances from it, so
/// one sweep over memory is as accurate as two.
template <int Channels, class T>
CTGAN_HD MergedMoments moments_of_rows(const T* x, Index first, Index step, Index rows, int channel) {
    constexpr int segment = 16;
    MergedMoments moments;
    for (Index row = first; row < rows;) {
        T value[segment], sum{0};
        int count = 0;
        CTGAN_UNROLL
        for (int i = 0; i < segment; ++i, row += step) {
            value[i] = row < rows ? x[row * Channels + channel] : T{0};
            count += row < rows;
            sum += value[i];
        }
        const auto mean = static_cast<double>(sum / static_cast<T>(count));
        double rest = 0, squares = 0; // `rest` is what the rounded mean leaves over
        CTGAN_UNROLL
        for (int i = 0; i < segment; ++i) {
            const double distance = i < count ? static_cast<double>(value[i]) - mean : 0;
            rest += distance;
            squares += distance * distance;
        }
        const double left = rest / count;
        moments.add(count, mean + left, squares - left * rest);
    }
    return moments;
}

/// Mean, variance and running statistics of a channel.
template <class T>
struct StoreMoments {
    T *mean, *variance, *running_mean, *running_variance;
    T momentum;
    CTGAN_HD void operator()(int channel, const MergedMoments& moments) const {
        const double rows = moments.count, spread = moments.spread();
        mean[channel] = static_cast<T>(moments.mean());
        variance[channel] = static_cast<T>(spread / rows);
        running_mean[channel] =
            ctgan::detail::running_average(running_mean[channel], mean[channel], momentum);
        running_variance[channel] = ctgan::detail::running_average(
            running_variance[channel], static_cast<T>(spread / (rows - 1)), momentum);
    }
};

/// One thread for each channel.
template <int Channels, class T>
struct MomentsOfColumn {
    const T* x;
    Index rows;
    StoreMoments<T> store;
    CTGAN_HD void operator()(Index channel) const {
        const int c = static_cast<int>(channel);
        store(c, moments_of_rows<Channels>(x, 0, 1, rows, c));
    }
};

/// One thread for every `parts`-th row of a channel; which thread reads what is as in PartOfColumn.
template <int Channels, class T>
struct MomentsOfPart {
    const T* x;
    Index rows, parts;
    double *mean, *spread; ///< [part][channel]
    CTGAN_HD void operator()(Index i) const {
        const DivMod<Channels> at(i);
        const MergedMoments moments = moments_of_rows<Channels>(x, at.quotient, parts, rows, at.remainder);
        mean[i] = moments.mean();
        spread[i] = moments.spread();
    }
};

/// One thread merges the parts of a channel.
template <int Channels, class T>
struct MomentsFromParts {
    Index parts, least_rows, longer_parts; ///< that many parts have one row more than the least
    const double *mean, *spread;
    StoreMoments<T> store;
    CTGAN_HD void operator()(Index channel) const {
        MergedMoments moments;
        for (Index first = 0; first < parts; first += values_at_once) {
            double means[values_at_once], spreads[values_at_once];
            CTGAN_UNROLL
            for (int i = 0; i < values_at_once; ++i) {
                const Index at = (first + i < parts ? first + i : first) * Channels + channel;
                means[i] = mean[at];
                spreads[i] = spread[at];
            }
            CTGAN_UNROLL
            for (int i = 0; i < values_at_once; ++i) {
                const Index part = first + i, count = least_rows + (part < longer_parts);
                if (part < parts) moments.add(static_cast<double>(count), means[i], spreads[i]);
            }
        }
        store(static_cast<int>(channel), moments);
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

template <int Channels, class T>
struct NormalizeByFactor {
    const T *x, *mean, *factor, *bias;
    T* y;
    CTGAN_HD void operator()(Index i) const {
        const int c = DivMod<Channels>(i).remainder;
        y[i] = (x[i] - mean[c]) * factor[c] + bias[c];
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
    /// unbiased variance. One sweep over the batch; how it is divided depends on rows and channels alone.
    template <int Channels, class T>
    static void batch_moments(T* mean, T* variance, T* running_mean, T* running_variance, const T* x,
                              Index rows, T momentum, T* = nullptr) {
        const detail::StoreMoments<T> store{mean, variance, running_mean, running_variance, momentum};
        const Index parts = detail::parts_of_column<Channels>(rows);
        if (parts <= 1) return parallel_for(Channels, detail::MomentsOfColumn<Channels, T>{x, rows, store});
        static_assert(2 * detail::max_part_threads <= Scratch::capacity_for<double>);
        Scratch scratch;
        double* const means = scratch.template data<double>();
        double* const spreads = means + parts * Channels;
        parallel_for(parts * Channels, detail::MomentsOfPart<Channels, T>{x, rows, parts, means, spreads});
        parallel_for(Channels, detail::MomentsFromParts<Channels, T>{parts, rows / parts, rows % parts, means,
                                                                     spreads, store});
    }

    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
    template <int Channels, class T>
    static void batch_norm(T* y, const T* x, Moments<T> moments, const T* weight, const T* bias, Index rows) {
        parallel_for(rows * Channels, detail::Normalize<Channels, T>{x, moments, weight, bias, y});
    }

    /// y = (x - mean) * factor + bias: the same with weight / sqrt(variance + epsilon) as one factor.
    template <int Channels, class T>
    static void normalize(T* y, const T* x, const T* mean, const T* factor, const T* bias, Index rows) {
        parallel_for(rows * Channels, detail::NormalizeByFactor<Channels, T>{x, mean, factor, bias, y});
    }

    /// The two sums that the backward pass needs. They are also the gradients with respect to bias and
    /// weight: they overwrite `gradients` or, with `add`, are added to them, unless those pointers are null.
    template <int Channels, class T>
    static void batch_norm_gradient_sums(NormGradientSums<T> sums, NormGradientSums<T> gradients, const T* x,
                                         const T* dy, Moments<T> moments, Index rows, bool add,
                                         T* = nullptr) {
        sum_over_rows<Channels, T>(
            rows, detail::GradientTerms<Channels, T>{x, dy, moments.mean},
            detail::ToGradientSums<T>{sums, gradients, moments.variance, moments.epsilon, add});
    }

    // clang-format off
    /// The gradient with respect to x, with s = sqrt(variance + epsilon). In training mode, where mean and
    /// variance depend on x, too:
    ///     dx = weight / s * (dy - sums.dy / summed_rows - (x - mean) / s * sums.dy_normalized / summed_rows).
    /// In evaluation mode, where both sums are null:
    ///     dx = weight / s * dy.
    /// Stores f(x, dx). dx and dy may be the same memory. `rows` is how many x has; the sums are those of
    /// `summed_rows`, by which they are divided.
    // clang-format on
    template <int Channels, class T, class F>
    static void batch_norm_input_gradient(T* dx, const T* x, const T* dy, Moments<T> moments, const T* weight,
                                          NormGradientSums<const T> sums, Index rows, Index summed_rows,
                                          F f) {
        parallel_for(rows * Channels, detail::NormInputGradient<Channels, T, F>{
                                          f, x, dy, moments, weight, sums, static_cast<T>(summed_rows), dx});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
