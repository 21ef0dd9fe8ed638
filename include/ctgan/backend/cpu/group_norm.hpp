#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/grouped_sample.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/rows.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Normalization of each sample by itself: GroupNorm, InstanceNorm2d and LayerNorm.
struct GroupNormOperations {
    /// The sums of the parts of a sample, for the operations below that take scratch memory.
    template <int Channels, int Groups, int Pixels>
    static constexpr MemorySize group_norm_scratch = [] {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        constexpr Index count = Sample::parts.count();
        return MemorySize{count > 1 ? 2 * count * (Sample::is_row ? 1 : Channels) : 0, 0};
    }();

    /// The moments of each group. Two sweeps over each part, as in batch_moments; then the parts are merged
    /// in double.
    template <int Channels, int Groups, int Pixels, class T>
    static void group_moments(GroupMoments<T> moments, const T* x, int batch, T epsilon, T* scratch) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        const auto store = [=](Index at, double mean, double spread) {
            moments.mean[at] = static_cast<T>(mean);
            moments.factor[at] =
                1 / std::sqrt(static_cast<T>(spread / static_cast<double>(Sample::group_size)) + epsilon);
        };
        if constexpr (Sample::parts.count() == 1) {
            Sample::for_each_part(batch, [=](Index sample, int) {
                Array<double, Groups> mean, spread;
                moments_of_part<Sample>(mean, spread, x + sample * Sample::size, Sample::size);
                for (int g = 0; g < Groups; ++g) store(sample * Groups + g, mean[g], spread[g]);
            });
        } else {
            constexpr Index count = Sample::parts.count();
            Sample::for_each_part(batch, [=](Index sample, int part) {
                Array<double, Groups> mean, spread;
                moments_of_part<Sample>(mean, spread, x + sample * Sample::size + Sample::begin(part),
                                        Sample::part_size(part));
                T* const to = scratch + (sample * count + part) * (Index{2} * Groups);
                for (int g = 0; g < Groups; ++g) {
                    to[g] = static_cast<T>(mean[g]);
                    to[Groups + g] = static_cast<T>(spread[g]);
                }
            });
            parallel_for(batch, [=](Index sample) {
                const T* const parts = scratch + sample * count * (Index{2} * Groups);
                for (int g = 0; g < Groups; ++g) {
                    double mean = 0, spread = 0;
                    const auto weight = [](int part) { return static_cast<double>(Sample::part_size(part)); };
                    for (int part = 0; part < count; ++part)
                        mean += weight(part) * static_cast<double>(parts[part * 2 * Groups + g]);
                    mean /= static_cast<double>(Sample::size);
                    for (int part = 0; part < count; ++part) {
                        const T* const own = parts + part * 2 * Groups + g;
                        const double d = static_cast<double>(own[0]) - mean;
                        spread += static_cast<double>(own[Groups]) + weight(part) / Groups * d * d;
                    }
                    store(sample * Groups + g, mean, spread);
                }
            });
        }
    }

    /// y = (x - mean) * factor * w + bias.
    template <int Channels, int Groups, int Pixels, class T>
    static void group_norm(T* y, const T* x, GroupMoments<const T> moments, const T* w, const T* bias,
                           int batch) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        Sample::for_each_part(batch, [=](Index sample, int part) {
            const Index begin = sample * Sample::size + Sample::begin(part), n = Sample::part_size(part);
            const GroupMoments<const T> own = of_sample<Groups>(moments, sample);
            if constexpr (Sample::is_row) {
                const Index channel = Sample::begin(part);
                normalize_row(y + begin, x + begin, own.mean[0], own.factor[0], w ? w + channel : nullptr,
                              bias ? bias + channel : nullptr, n);
            } else
                Sample::for_each_block([=]<int Width>(int first, std::integral_constant<int, Width>) {
                    Array<T, Width> mean, factor, shift;
                    for (int k = 0; k < Width; ++k) {
                        const int c = first + k, group = c / Sample::group_channels;
                        mean[k] = own.mean[group];
                        factor[k] = w ? own.factor[group] * w[c] : own.factor[group];
                        shift[k] = bias ? bias[c] : T{0};
                    }
                    for (Index i = begin + first; i < begin + n; i += Channels)
                        for (int k = 0; k < Width; ++k)
                            y[i + k] = (x[i + k] - mean[k]) * factor[k] + shift[k];
                });
        });
    }

    /// The sums of dy and of dy times the normalized x: of each group with the weight, and of each channel.
    template <int Channels, int Groups, int Pixels, class T>
    static void group_norm_gradient_sums(NormGradientSums<T> of_groups, NormGradientSums<T> of_channels,
                                         const T* x, const T* dy, GroupMoments<const T> moments, const T* w,
                                         int batch, T* scratch) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        constexpr Index count = Sample::parts.count();
        if constexpr (Sample::is_row) {
            Sample::for_each_part(batch, [=](Index sample, int part) {
                const Index channel = Sample::begin(part), begin = sample * Sample::size + channel;
                const detail::DeviationOf<T> deviation{x + begin, moments.mean[sample],
                                                       moments.factor[sample]};
                const Index n = Sample::part_size(part);
                if (of_channels.dy_normalized)
                    multiply(of_channels.dy_normalized + begin, dy + begin, deviation, n);
                T* const to = count > 1 ? scratch + (sample * count + part) * 2 : nullptr;
                const auto sum = [&](auto weighted) {
                    (to ? to[0] : of_groups.dy[sample]) =
                        static_cast<T>(detail::sum_of_values<T>(n, weighted));
                    (to ? to[1] : of_groups.dy_normalized[sample]) =
                        static_cast<T>(detail::sum_of_values<T>(n, detail::Product{weighted, deviation}));
                };
                if (w)
                    sum(detail::Weighted<T>{dy + begin, w + channel});
                else
                    sum(detail::ValueOf<T>{dy + begin});
            });
            if constexpr (count > 1)
                parallel_for(batch, [=](Index sample) {
                    add_parts(of_groups.dy + sample, scratch + sample * count * 2, 1, 2, count);
                    add_parts(of_groups.dy_normalized + sample, scratch + sample * count * 2 + 1, 1, 2,
                              count);
                });
        } else {
            // Behind the sums of a sample's channels, those of its groups.
            const auto finish = [=](Index sample, const T* sums, const T* products) {
                for (int g = 0; g < Groups; ++g) {
                    double of_dy = 0, of_products = 0;
                    const T factor = moments.factor[sample * Groups + g];
                    for (int c = g * Sample::group_channels; c < (g + 1) * Sample::group_channels; ++c) {
                        const T weight = w ? w[c] : T{1}, normalized = products[c] * factor;
                        of_dy += static_cast<double>(weight * sums[c]);
                        of_products += static_cast<double>(weight * normalized);
                        if (Pixels > 1) of_channels.dy[sample * Channels + c] = sums[c];
                        of_channels.dy_normalized[sample * Channels + c] = normalized;
                    }
                    of_groups.dy[sample * Groups + g] = static_cast<T>(of_dy);
                    of_groups.dy_normalized[sample * Groups + g] = static_cast<T>(of_products);
                }
            };
            Sample::for_each_part(batch, [=](Index sample, int part) {
                const Index begin = sample * Sample::size + Sample::begin(part);
                const Index rows = Sample::part_size(part) / Channels;
                const T* const mean = moments.mean + sample * Groups;
                T *sums = of_channels.dy, *products = of_channels.dy_normalized + sample * Channels;
                if (Pixels > 1) sums += sample * Channels;
                if (count > 1) {
                    sums = scratch + (sample * count + part) * (Index{2} * Channels);
                    products = sums + Channels;
                }
                Sample::for_each_block([=]<int Width>(int first, std::integral_constant<int, Width>) {
                    Array<T, Width> m, total;
                    if (Pixels > 1) {
                        sum_over_rows<Width>(total, rows, RowValues<T>{dy + begin + first, Channels});
                        std::copy_n(total, Width, sums + first);
                    }
                    for (int k = 0; k < Width; ++k) m[k] = mean[(first + k) / Sample::group_channels];
                    sum_over_rows<Width>(
                        total, rows,
                        GradientTimesDeviation<T>{dy + begin + first, x + begin + first, m, Channels});
                    std::copy_n(total, Width, products + first);
                });
                if (count == 1) finish(sample, Pixels > 1 ? sums : dy + begin, products);
            });
            if constexpr (count > 1)
                parallel_for(batch, [=](Index sample) {
                    T* const parts = scratch + sample * count * (Index{2} * Channels);
                    add_parts(parts, parts, 2 * Channels, 2 * Channels, count);
                    finish(sample, parts, parts + Channels);
                });
        }
    }

    /// dx = f(x, factor * (w dy - sums.dy / n - (x - mean) * factor * sums.dy_normalized / n)), with the n
    /// values of a group.
    template <int Channels, int Groups, int Pixels, class T, class F>
    static void group_norm_input_gradient(T* dx, const T* x, const T* dy, GroupMoments<const T> moments,
                                          const T* w, NormGradientSums<const T> sums, int batch, F f) {
        using Sample = detail::GroupedSample<Channels, Groups, Pixels>;
        constexpr auto n = static_cast<T>(Sample::group_size);
        Sample::for_each_part(batch, [=](Index sample, int part) {
            const Index begin = sample * Sample::size + Sample::begin(part);
            const Index end = begin + Sample::part_size(part);
            const GroupMoments<const T> own = of_sample<Groups>(moments, sample);
            const T* const of_dy = sums.dy + sample * Groups;
            const T* const of_products = sums.dy_normalized + sample * Groups;
            const auto constant_of = [=](int group) { return own.factor[group] * (of_dy[group] / n); };
            const auto slope_of = [=](int group) {
                return own.factor[group] * own.factor[group] * (of_products[group] / n);
            };
            if constexpr (Sample::is_row) {
                const T mean = own.mean[0], scale = own.factor[0], constant = constant_of(0),
                        slope = slope_of(0);
                const auto run = [=](auto weighted) {
                    CTGAN_INDEPENDENT_ITERATIONS
                    for (Index i = begin; i < end; ++i)
                        dx[i] = f(x[i], scale * weighted(i - begin) - constant - (x[i] - mean) * slope);
                };
                if (w)
                    run(detail::Weighted<T>{dy + begin, w + Sample::begin(part)});
                else
                    run(detail::ValueOf<T>{dy + begin});
            } else
                Sample::for_each_block([=]<int Width>(int first, std::integral_constant<int, Width>) {
                    Array<T, Width> mean, scale, constant, slope;
                    for (int k = 0; k < Width; ++k) {
                        const int c = first + k, group = c / Sample::group_channels;
                        mean[k] = own.mean[group];
                        scale[k] = w ? own.factor[group] * w[c] : own.factor[group];
                        constant[k] = constant_of(group);
                        slope[k] = slope_of(group);
                    }
                    for (Index i = begin + first; i < end; i += Channels) {
                        CTGAN_INDEPENDENT_ITERATIONS
                        for (int k = 0; k < Width; ++k)
                            dx[i + k] = f(x[i + k], scale[k] * dy[i + k] - constant[k] -
                                                        (x[i + k] - mean[k]) * slope[k]);
                    }
                });
        });
    }

  private:
    template <int Groups, class T>
    static GroupMoments<const T> of_sample(GroupMoments<const T> moments, Index sample) {
        return {moments.mean + sample * Groups, moments.factor + sample * Groups};
    }

    /// Mean and sum of squared deviations from it, of each group of a part of n values.
    template <class Sample, class T>
    static void moments_of_part(Array<double, Sample::groups>& mean, Array<double, Sample::groups>& spread,
                                const T* x, Index n) {
        if constexpr (Sample::groups == 1) {
            mean[0] =
                static_cast<T>(detail::sum_of_values<T>(n, detail::ValueOf<T>{x}) / static_cast<double>(n));
            const detail::DeviationOf<T> deviation{x, static_cast<T>(mean[0]), T{1}};
            spread[0] = detail::sum_of_values<T>(n, detail::Product{deviation, deviation});
        } else {
            constexpr int channels = Sample::channels;
            const Index rows = n / channels;
            const auto add = [&](auto& sums, auto term) {
                for (double& sum : sums) sum = 0;
                Sample::for_each_block([&]<int Width>(int first, std::integral_constant<int, Width>) {
                    Array<T, Width> m, total;
                    for (int k = 0; k < Width; ++k)
                        m[k] = static_cast<T>(mean[(first + k) / Sample::group_channels]);
                    sum_over_rows<Width>(total, rows, term(first, m));
                    for (int k = 0; k < Width; ++k)
                        sums[(first + k) / Sample::group_channels] += static_cast<double>(total[k]);
                });
            };
            Array<double, Sample::groups> sums;
            for (double& m : mean) m = 0;
            add(sums, [=](int first, const T*) { return RowValues<T>{x + first, channels}; });
            const auto size = static_cast<double>(rows * Sample::group_channels);
            for (int g = 0; g < Sample::groups; ++g) mean[g] = static_cast<T>(sums[g] / size);
            add(spread, [=](int first, const T* m) { return SquaredDeviations<T>{x + first, m, channels}; });
        }
    }

    template <class T>
    static void normalize_row(T* y, const T* x, T mean, T factor, const T* w, const T* bias, Index n) {
        if (w && bias) {
            CTGAN_INDEPENDENT_ITERATIONS
            for (Index i = 0; i < n; ++i) y[i] = (x[i] - mean) * factor * w[i] + bias[i];
        } else {
            CTGAN_INDEPENDENT_ITERATIONS
            for (Index i = 0; i < n; ++i) y[i] = (x[i] - mean) * factor;
        }
    }
    template <class T>
    static void multiply(T* y, const T* x, detail::DeviationOf<T> deviation, Index n) {
        CTGAN_INDEPENDENT_ITERATIONS
        for (Index i = 0; i < n; ++i) y[i] = x[i] * deviation(i);
    }
    /// to[k] = the sum of part[k], part[step + k] and so on, k < n; `to` may be the first part.
    template <class T>
    static void add_parts(T* to, const T* part, Index n, Index step, Index count) {
        for (Index k = 0; k < n; ++k) {
            double sum = 0;
            for (Index p = 0; p < count; ++p) sum += static_cast<double>(part[p * step + k]);
            to[k] = static_cast<T>(sum);
        }
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
