#pragma once

#include <ctgan/backend/cuda/batch_norm.hpp>
#include <ctgan/backend/cuda/rows.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>
#include <cmath>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// A sample of pixels by channels, whose channels are in groups of adjacent ones, and which threads add it
/// up: one for each channel of every `parts`-th pixel or, if all values are one group, one for every
/// `lanes`-th value. Consecutive threads read adjacent values.
template <int Channels, int Groups, int Pixels>
struct GroupedSample {
    static constexpr int channels = Channels, groups = Groups, pixels = Pixels,
                         group_channels = Channels / Groups;
    static constexpr Index size = Index{Channels} * Pixels, group_size = size / Groups;
    static constexpr bool is_row = Pixels == 1 && Groups == 1;
    static constexpr int parts = std::clamp(Pixels / 16, 1, 64);
    static constexpr int lanes = static_cast<int>(std::clamp(size / 16, Index{1}, Index{256}));
    static constexpr int moment_threads = Groups == 1 ? lanes : parts * Channels;
    static constexpr int gradient_threads = is_row ? lanes : parts * Channels;
};

template <class Sample, class T>
struct PartMoments {
    const T* x;
    T* to; ///< [sample][mean, spread][thread]
    CTGAN_HD void operator()(Index i) const {
        constexpr int threads = Sample::moment_threads;
        const DivMod<threads> at(i);
        const T* const own = x + at.quotient * Sample::size;
        MergedMoments moments;
        if constexpr (Sample::groups == 1)
            moments = moments_of_rows<1>(own, at.remainder, threads, Sample::size, 0);
        else
            moments = moments_of_rows<Sample::channels>(own, at.remainder / Sample::channels, Sample::parts,
                                                        Sample::pixels, at.remainder % Sample::channels);
        T* const stored = to + at.quotient * (2 * threads) + at.remainder;
        stored[0] = static_cast<T>(moments.mean());
        stored[threads] = static_cast<T>(moments.spread());
    }
};

/// One thread merges the parts of a group of a sample.
template <class Sample, class T>
struct MomentsOfGroup {
    const T* parts; ///< as PartMoments stores them
    GroupMoments<T> moments;
    T epsilon;
    CTGAN_HD void operator()(Index i) const {
        constexpr int threads = Sample::moment_threads;
        const DivMod<Sample::groups> at(i);
        const T* const own = parts + at.quotient * (2 * threads);
        MergedMoments merged;
        if constexpr (Sample::groups == 1) {
            for (int k = 0; k < threads; ++k)
                add(merged, Sample::size / threads + (k < Sample::size % threads), own + k);
        } else {
            const int first = at.remainder * Sample::group_channels;
            for (int part = 0; part < Sample::parts; ++part)
                for (int c = first; c < first + Sample::group_channels; ++c)
                    add(merged, Sample::pixels / Sample::parts + (part < Sample::pixels % Sample::parts),
                        own + part * Sample::channels + c);
        }
        moments.mean[i] = static_cast<T>(merged.mean());
        const T variance = static_cast<T>(merged.spread() / merged.count);
        moments.factor[i] = T{1} / std::sqrt(variance + epsilon);
    }

  private:
    CTGAN_HD static void add(MergedMoments& merged, Index count, const T* part) {
        merged.add(static_cast<double>(count), static_cast<double>(part[0]),
                   static_cast<double>(part[Sample::moment_threads]));
    }
};

/// Where a value is.
template <class Sample>
struct ValueAt {
    Index sample;
    int channel;
    Index group; ///< counted through all samples
    CTGAN_HD explicit ValueAt(Index i) {
        const DivMod<Sample::channels> at(i);
        sample = DivMod<Sample::pixels>(at.quotient).quotient;
        channel = at.remainder;
        group = sample * Sample::groups + channel / Sample::group_channels;
    }
};

template <class Sample, class T>
struct GroupNormalize {
    const T* x;
    GroupMoments<const T> moments;
    const T *weight, *bias;
    T* y;
    CTGAN_HD void operator()(Index i) const {
        const ValueAt<Sample> at(i);
        const T factor = moments.factor[at.group] * (weight ? weight[at.channel] : T{1});
        y[i] = (x[i] - moments.mean[at.group]) * factor + (bias ? bias[at.channel] : T{0});
    }
};

/// The terms of the two sums of a channel of a sample.
template <class Sample, class T>
struct ChannelTerms {
    static constexpr int count = 2;
    using Values = ValuesOf<T, 2>;
    const T *x, *dy;
    T mean;
    CTGAN_HD Values operator()(Index pixel, int channel) const {
        const Index i = pixel * Sample::channels + channel;
        return {{dy[i], dy[i] * (x[i] - mean)}};
    }
};
/// Those of a sample that is one group.
template <class T>
struct RowTerms {
    static constexpr int count = 2;
    using Values = ValuesOf<T, 2>;
    const T *x, *dy;
    T mean, factor;
    const T* weight;
    CTGAN_HD Values operator()(Index i, int) const {
        const T weighted = weight ? dy[i] * weight[i] : dy[i];
        return {{weighted, weighted * ((x[i] - mean) * factor)}};
    }
};

template <class Sample, class T>
struct PartGradientSums {
    const T *x, *dy;
    GroupMoments<const T> moments;
    const T* weight;
    T* to; ///< [sample][sum][thread]
    CTGAN_HD void operator()(Index i) const {
        constexpr int threads = Sample::gradient_threads;
        const DivMod<threads> at(i);
        const Index sample = at.quotient, begin = sample * Sample::size;
        double total[2];
        if constexpr (Sample::is_row)
            add_rows<T>(
                RowTerms<T>{x + begin, dy + begin, moments.mean[sample], moments.factor[sample], weight},
                at.remainder, threads, Sample::size, 0, total);
        else {
            const int channel = at.remainder % Sample::channels;
            const Index group = sample * Sample::groups + channel / Sample::group_channels;
            add_rows<T>(ChannelTerms<Sample, T>{x + begin, dy + begin, moments.mean[group]},
                        at.remainder / Sample::channels, Sample::parts, Sample::pixels, channel, total);
        }
        T* const stored = to + sample * (2 * threads) + at.remainder;
        stored[0] = static_cast<T>(total[0]);
        stored[threads] = static_cast<T>(total[1]);
    }
};

/// One thread adds up the parts of a sample that is a row.
template <class Sample, class T>
struct RowGradientSums {
    const T* parts;
    NormGradientSums<T> sums;
    CTGAN_HD void operator()(Index sample) const {
        constexpr int threads = Sample::gradient_threads;
        double of_dy = 0, of_products = 0;
        for (int k = 0; k < threads; ++k) {
            const T* const own = parts + sample * (2 * threads) + k;
            of_dy += static_cast<double>(own[0]);
            of_products += static_cast<double>(own[threads]);
        }
        sums.dy[sample] = static_cast<T>(of_dy);
        sums.dy_normalized[sample] = static_cast<T>(of_products);
    }
};
/// One thread adds up the parts of a channel of a sample.
template <class Sample, class T>
struct ChannelGradientSums {
    const T* parts;
    GroupMoments<const T> moments;
    NormGradientSums<T> sums;
    CTGAN_HD void operator()(Index i) const {
        constexpr int threads = Sample::gradient_threads;
        const DivMod<Sample::channels> at(i);
        double of_dy = 0, of_products = 0;
        for (int part = 0; part < Sample::parts; ++part) {
            const T* const own = parts + at.quotient * (2 * threads) + part * Sample::channels + at.remainder;
            of_dy += static_cast<double>(own[0]);
            of_products += static_cast<double>(own[threads]);
        }
        if (Sample::pixels > 1) sums.dy[i] = static_cast<T>(of_dy);
        const Index group = at.quotient * Sample::groups + at.remainder / Sample::group_channels;
        sums.dy_normalized[i] = static_cast<T>(of_products) * moments.factor[group];
    }
};
/// One thread adds up the channels of a group of a sample.
template <class Sample, class T>
struct GroupGradientSums {
    NormGradientSums<const T> of_channels;
    const T* weight;
    NormGradientSums<T> sums;
    CTGAN_HD void operator()(Index i) const {
        const DivMod<Sample::groups> at(i);
        double of_dy = 0, of_products = 0;
        for (int k = 0; k < Sample::group_channels; ++k) {
            const int c = at.remainder * Sample::group_channels + k;
            const Index channel = at.quotient * Sample::channels + c;
            const T own = weight ? weight[c] : T{1};
            of_dy += static_cast<double>(own * of_channels.dy[channel]);
            of_products += static_cast<double>(own * of_channels.dy_normalized[channel]);
        }
        sums.dy[i] = static_cast<T>(of_dy);
        sums.dy_normalized[i] = static_cast<T>(of_products);
    }
};

/// dy times the normalized x, of samples that are rows.
template <class Sample, class T>
struct RowProducts {
    const T *x, *dy;
    GroupMoments<const T> moments;
    T* to;
    CTGAN_HD void operator()(Index i) const {
        const Index sample = ValueAt<Sample>(i).sample;
        to[i] = dy[i] * ((x[i] - moments.mean[sample]) * moments.factor[sample]);
    }
};

template <class Sample, class T, class F>
struct GroupNormInputGradient {
    F f;
    const T *x, *dy;
    GroupMoments<const T> moments;
    const T* weight;
    NormGradientSums<const T> sums;
    T* dx;
    CTGAN_HD void operator()(Index i) const {
        const ValueAt<Sample> at(i);
        const T n = static_cast<T>(Sample::group_size), factor = moments.factor[at.group];
        const T constant = factor * (sums.dy[at.group] / n);
        const T slope = factor * factor * (sums.dy_normalized[at.group] / n);
        const T scale = weight ? factor * weight[at.channel] : factor;
        dx[i] = f(x[i], scale * dy[i] - constant - (x[i] - moments.mean[at.group]) * slope);
    }
};

} // namespace detail

/// Normalization of each sample by itself: GroupNorm, InstanceNorm2d and LayerNorm.
struct GroupNormOperations {
    /// The sums of the threads of a sample, for the operations below that take scratch memory.
    template <int Channels, int Groups, int Pixels>
    static constexpr MemorySize group_norm_scratch{
        2 * Index{(std::max)(detail::GroupedSample<Channels, Groups, Pixels>::moment_threads,
                             detail::GroupedSample<Channels, Groups, Pixels>::gradient_threads)},
        0};

    /// The moments of each group.
    template <int Channels, int Groups, int Pixels, class T>
    static void group_moments(GroupMoments<T> moments, const T* x, int batch, T epsilon, T* scratch) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        parallel_for(Index{batch} * Sample::moment_threads, detail::PartMoments<Sample, T>{x, scratch});
        parallel_for(Index{batch} * Groups, detail::MomentsOfGroup<Sample, T>{scratch, moments, epsilon});
    }

    /// y = (x - mean) * factor * w + bias.
    template <int Channels, int Groups, int Pixels, class T>
    static void group_norm(T* y, const T* x, GroupMoments<const T> moments, const T* w, const T* bias,
                           int batch) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        parallel_for(batch * Sample::size, detail::GroupNormalize<Sample, T>{x, moments, w, bias, y});
    }

    /// The sums of dy and of dy times the normalized x: of each group with the weight, and of each channel.
    template <int Channels, int Groups, int Pixels, class T>
    static void group_norm_gradient_sums(NormGradientSums<T> of_groups, NormGradientSums<T> of_channels,
                                         const T* x, const T* dy, GroupMoments<const T> moments, const T* w,
                                         int batch, T* scratch) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        parallel_for(Index{batch} * Sample::gradient_threads,
                     detail::PartGradientSums<Sample, T>{x, dy, moments, w, scratch});
        if constexpr (Sample::is_row) {
            if (of_channels.dy_normalized)
                parallel_for(batch * Sample::size,
                             detail::RowProducts<Sample, T>{x, dy, moments, of_channels.dy_normalized});
            parallel_for(batch, detail::RowGradientSums<Sample, T>{scratch, of_groups});
        } else {
            parallel_for(Index{batch} * Channels,
                         detail::ChannelGradientSums<Sample, T>{scratch, moments, of_channels});
            const NormGradientSums<const T> stored{Pixels > 1 ? of_channels.dy : dy,
                                                   of_channels.dy_normalized};
            parallel_for(Index{batch} * Groups, detail::GroupGradientSums<Sample, T>{stored, w, of_groups});
        }
    }

    /// dx = f(x, factor * (w dy - sums.dy / n - (x - mean) * factor * sums.dy_normalized / n)), with the n
    /// values of a group.
    template <int Channels, int Groups, int Pixels, class T, class F>
    static void group_norm_input_gradient(T* dx, const T* x, const T* dy, GroupMoments<const T> moments,
                                          const T* w, NormGradientSums<const T> sums, int batch, F f) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        parallel_for(batch * Sample::size,
                     detail::GroupNormInputGradient<Sample, T, F>{f, x, dy, moments, w, sums, dx});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
