#pragma once

#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// The second-order formulas of a normalization of samples, y = w n + bias with n = (x - mean) * factor.
///
/// Of one group of N values, the Jacobian J of n is symmetric: J a = factor (a - mean(a) - n mean(a n)). With
/// g the output gradient, a = w g, and b the tangent of x, the number gᵀ (w J b) is
///
///     S = factor (sum of a b - N mean(a) mean(b) - N mean(a n) mean(b n)),
///
/// and its gradients are g J b with respect to w and, because that of the factor is -factor^2 n / N,
///
///     -S factor n / N - factor (mean(b n) J a + mean(a n) J b)    with respect to x.
namespace ctgan::inline CTGAN_ABI::detail {

/// A group of one sample: `Channels / Groups` adjacent channels in all rows.
template <int Channels, int Groups, int Rows, class T>
struct TangentOfGroup {
    static constexpr int channels = Channels / Groups;
    static constexpr double count = static_cast<double>(channels) * Rows;

    const T *x, *tangent; ///< [batch][Rows][Channels]
    GroupMoments<const T> moments;

    /// What the formulas read: x and the tangent, and their sums.
    struct Sums {
        double of_tangent = 0, of_product = 0; ///< means of b and of b n
    };
    /// Calls f(index of the value in x, its channel) for all values of a group.
    template <class F>
    static CTGAN_HD void for_each(Index at, const F& f) {
        const Index sample = at / Groups;
        const int first = static_cast<int>(at % Groups) * channels;
        for (int row = 0; row < Rows; ++row)
            for (int c = first; c < first + channels; ++c) f((sample * Rows + row) * Channels + c, c);
    }
    CTGAN_HD T normalized(Index at, Index i) const { return (x[i] - moments.mean[at]) * moments.factor[at]; }
    CTGAN_HD Sums sums(Index at) const {
        Sums result;
        for_each(at, [&](Index i, int) {
            result.of_tangent += static_cast<double>(tangent[i]);
            result.of_product += static_cast<double>(tangent[i] * normalized(at, i));
        });
        result.of_tangent /= count;
        result.of_product /= count;
        return result;
    }
    /// J b.
    CTGAN_HD T through(Index at, Index i, const Sums& of, T b) const {
        return moments.factor[at] *
               (b - static_cast<T>(of.of_tangent) - normalized(at, i) * static_cast<T>(of.of_product));
    }
};

/// For Backend::for_each, of each group of each sample: w J b.
template <int Channels, int Groups, int Rows, class T>
struct NormTangent {
    TangentOfGroup<Channels, Groups, Rows, T> of;
    T* y;
    const T* w; ///< or null

    CTGAN_HD void operator()(Index at) const {
        const auto sums = of.sums(at);
        of.for_each(
            at, [&](Index i, int c) { y[i] = (w ? w[c] : T{1}) * of.through(at, i, sums, of.tangent[i]); });
    }
};

/// The sum over rows of g J b, for each channel of each sample.
template <int Channels, int Groups, int Rows, class T>
struct NormTangentGradient {
    TangentOfGroup<Channels, Groups, Rows, T> of;
    T* y; ///< [batch][Channels]
    const T* output_gradient;

    CTGAN_HD void operator()(Index at) const {
        const auto sums = of.sums(at);
        T* const to = y + at / Groups * Channels;
        for (int c = 0; c < of.channels; ++c) to[static_cast<int>(at % Groups) * of.channels + c] = 0;
        of.for_each(at, [&](Index i, int c) {
            to[c] += output_gradient[i] * of.through(at, i, sums, of.tangent[i]);
        });
    }
};

/// The gradient of S with respect to x. It may overwrite the output gradient.
template <int Channels, int Groups, int Rows, class T>
struct NormCurvature {
    TangentOfGroup<Channels, Groups, Rows, T> of;
    T* y;
    const T *output_gradient, *w; ///< w may be null

    CTGAN_HD T weighted(Index i, int c) const { return (w ? w[c] : T{1}) * output_gradient[i]; }
    CTGAN_HD void operator()(Index at) const {
        const auto of_b = of.sums(at);
        typename decltype(of)::Sums of_a;
        double products = 0;
        of.for_each(at, [&](Index i, int c) {
            const T a = weighted(i, c);
            of_a.of_tangent += static_cast<double>(a);
            of_a.of_product += static_cast<double>(a * of.normalized(at, i));
            products += static_cast<double>(a * of.tangent[i]);
        });
        of_a.of_tangent /= of.count;
        of_a.of_product /= of.count;
        const T factor = of.moments.factor[at];
        const T s = factor * static_cast<T>(products / of.count - of_a.of_tangent * of_b.of_tangent -
                                            of_a.of_product * of_b.of_product);
        of.for_each(at, [&](Index i, int c) {
            const T of_mean = static_cast<T>(of_b.of_product) * of.through(at, i, of_a, weighted(i, c)) +
                              static_cast<T>(of_a.of_product) * of.through(at, i, of_b, of.tangent[i]);
            y[i] = -factor * (s * of.normalized(at, i) + of_mean);
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
