#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <cmath>

/// What a penalty computes of the slopes of a batch, as functions for a backend's operations.
namespace ctgan::inline CTGAN_ABI::detail {

/// For Backend::for_each: the sum of the squares of a part of a sample of N values. Parts are small enough
/// that there are many of them, also on a GPU, and are the same for every batch and number of threads.
template <class T, Index N>
struct SquaresOfSample {
    static constexpr Index values = 128;
    static constexpr int parts = static_cast<int>((N + values - 1) / values);

    double* sums;
    const T* x;

    CTGAN_HD void operator()(Index at) const {
        constexpr int lanes = 4; // independent sums
        const Index part = at % parts;
        const T* const from = x + at / parts * N;
        Index i = part * values;
        const Index end = N < i + values ? N : i + values;
        double sum[lanes] = {};
        const auto square = [](T value) { return static_cast<double>(value) * static_cast<double>(value); };
        for (; i + lanes <= end; i += lanes)
            for (int k = 0; k < lanes; ++k) sum[k] += square(from[i + k]);
        for (; i < end; ++i) sum[0] += square(from[i]);
        sums[at] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
};

/// For Backend::for_each, of each sample: the penalty's term, and the factor that makes the term's gradient
/// with respect to the slope s of s.
template <class Penalty, class T>
struct TermOfNorm {
    double* terms;
    T* factors;
    const double* squares;
    int parts;
    double weight; ///< of one sample
    int every;

    CTGAN_HD void operator()(Index sample) const {
        double sum = 0;
        for (int part = 0; part < parts; ++part) sum += squares[sample * parts + part];
        const double norm = std::sqrt(sum);
        terms[sample] = weight * Penalty::term(norm);
        // The norm has no derivative at 0.
        factors[sample] = static_cast<T>(norm < 1e-12 ? 0. : weight * every * (Penalty::slope(norm) / norm));
    }
};

/// For Backend::for_each_pixel: y = factor of the sample times x. y may be x.
template <class Shape, class T>
struct ScaleSamples {
    T* y;
    const T *x, *factors;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const Index at = (sample * Shape::pixels + pixel) * Shape::channels;
        const T factor = factors[sample];
        for (int c = first; c < last; ++c) y[at + c] = factor * x[at + c];
    }
};

/// For Backend::for_each_pixel: the images between real and generated ones.
template <class Shape, class T>
struct MixImages {
    T* y;
    const T *real, *generated, *shares;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const Index at = (sample * Shape::pixels + pixel) * Shape::channels;
        const T share = shares[sample];
        for (int c = first; c < last; ++c)
            y[at + c] = share * real[at + c] + (T{1} - share) * generated[at + c];
    }
};

/// From [-1/2, 1/2) to [0, 1), exactly.
struct PlusHalf {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x + T(0.5);
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
