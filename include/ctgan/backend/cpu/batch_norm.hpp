#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/rows.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Batch normalization of a matrix of rows by channels; the same for BatchNorm1d and BatchNorm2d.
struct BatchNormOperations {
    /// Mean and biased variance of each channel. The running statistics move toward the mean and the
    /// unbiased variance. Two sweeps over the batch: a single one, with sums of squares, would lose all
    /// digits if the mean is large compared with the deviation. `scratch` may be null here and below.
    template <int Channels, class T>
    static void batch_moments(T* mean, T* variance, T* running_mean, T* running_variance, const T* x,
                              Index rows, T momentum, T* scratch = nullptr) {
        moments_of_blocks(channel_blocks<Channels>, mean, variance, running_mean, running_variance, x, rows,
                          momentum, scratch);
    }

    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
    template <int Channels, class T>
    static void batch_norm(T* y, const T* x, Moments<T> moments, const T* weight, const T* bias, Index rows) {
        normalize_blocks(channel_blocks<Channels>, y, x, moments, weight, bias, rows);
    }

    /// y = (x - mean) * factor + bias: the same with weight / sqrt(variance + epsilon) as one factor.
    template <int Channels, class T>
    static void normalize(T* y, const T* x, const T* mean, const T* factor, const T* bias, Index rows) {
        normalize_blocks_by_factor(channel_blocks<Channels>, y, x, mean, factor, bias, rows);
    }

    /// The two sums that the backward pass needs. They are also the gradients with respect to bias and
    /// weight: they overwrite `gradients` or, with `add`, are added to them, unless those pointers are null.
    template <int Channels, class T>
    static void batch_norm_gradient_sums(NormGradientSums<T> sums, NormGradientSums<T> gradients, const T* x,
                                         const T* dy, Moments<T> moments, Index rows, bool add,
                                         T* scratch = nullptr) {
        gradient_sums_of_blocks(channel_blocks<Channels>, sums, gradients, x, dy, moments, rows, add,
                                scratch);
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
        input_gradient_of_blocks(channel_blocks<Channels>, dx, x, dy, moments, weight, sums, rows,
                                 static_cast<T>(summed_rows), f);
    }

  private:
    template <class Blocks, class T>
    static void moments_of_blocks(Blocks blocks, T* mean, T* variance, T* running_mean, T* running_variance,
                                  const T* x, Index rows, T momentum, T* scratch) {
        const T unbiased = static_cast<T>(static_cast<double>(rows) / static_cast<double>(rows - 1));
        const auto values = [=](int first) { return RowValues<T>{x + first, blocks.channels}; };
        const auto squares = [=](int first, const T* m) {
            return SquaredDeviations<T>{x + first, m, blocks.channels};
        };
        const auto finish_mean = [=]<int Width>(int first, Array<T, Width>& m) {
            for (int k = 0; k < Width; ++k) mean[first + k] = m[k] /= static_cast<T>(rows);
        };
        const auto finish = [=]<int Width>(int first, const Array<T, Width>& m, const Array<T, Width>& v) {
            for (int k = 0; k < Width; ++k) {
                variance[first + k] = v[k] / static_cast<T>(rows);
                running_mean[first + k] =
                    ctgan::detail::running_average(running_mean[first + k], m[k], momentum);
                running_variance[first + k] = ctgan::detail::running_average(
                    running_variance[first + k], unbiased * variance[first + k], momentum);
            }
        };
        if (!blocks.stores_segments(rows, scratch))
            return blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
                Array<T, Width> m, v;
                sum_over_rows<Width>(m, rows, values(first));
                finish_mean.template operator()<Width>(first, m);
                sum_over_rows<Width>(v, rows, squares(first, m));
                finish.template operator()<Width>(first, m, v);
            });
        blocks.for_each_part(rows,
                             [=]<int Width>(int first, std::integral_constant<int, Width>, RowRange some) {
                                 blocks.template store_segments<Width>(scratch, first, some, values(first));
                             });
        blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            Array<T, Width> m;
            blocks.template sum_of_segments<Width>(m, scratch, first, rows);
            finish_mean.template operator()<Width>(first, m);
        });
        blocks.for_each_part(
            rows, [=]<int Width>(int first, std::integral_constant<int, Width>, RowRange some) {
                Array<T, Width> m;
                std::copy_n(mean + first, Width, m);
                blocks.template store_segments<Width>(scratch, first, some, squares(first, m));
            });
        blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            Array<T, Width> m, v;
            std::copy_n(mean + first, Width, m);
            blocks.template sum_of_segments<Width>(v, scratch, first, rows);
            finish.template operator()<Width>(first, m, v);
        });
    }

    template <class Blocks, class T>
    static void normalize_blocks(Blocks blocks, T* y, const T* x, Moments<T> moments, const T* weight,
                                 const T* bias, Index rows) {
        blocks.for_each_part(
            rows, [=]<int Width>(int first, std::integral_constant<int, Width>, RowRange some) {
                Array<T, Width> factor;
                deviations<Width>(factor, moments, first);
                for (int k = 0; k < Width; ++k) factor[k] = weight[first + k] / factor[k];
                normalize_rows<Width>(blocks.channels, first, some, y, x, moments.mean, factor, bias);
            });
    }
    template <class Blocks, class T>
    static void normalize_blocks_by_factor(Blocks blocks, T* y, const T* x, const T* mean, const T* factor,
                                           const T* bias, Index rows) {
        blocks.for_each_part(rows,
                             [=]<int Width>(int first, std::integral_constant<int, Width>, RowRange some) {
                                 Array<T, Width> own;
                                 std::copy_n(factor + first, Width, own);
                                 normalize_rows<Width>(blocks.channels, first, some, y, x, mean, own, bias);
                             });
    }
    /// Some rows of the `Width` channels from `first` on; `factor` is that of the first of them.
    template <int Width, class T>
    CTGAN_INLINE static void normalize_rows(int channels, int first, RowRange some, T* y, const T* x,
                                            const T* mean, const Array<T, Width>& factor, const T* bias) {
        Array<T, Width> m, shift;
        for (int k = 0; k < Width; ++k) {
            m[k] = mean[first + k];
            shift[k] = bias[first + k];
        }
        for (Index r = some.begin; r < some.end; ++r)
            for (int k = 0; k < Width; ++k) {
                const Index i = r * channels + first + k;
                y[i] = (x[i] - m[k]) * factor[k] + shift[k];
            }
    }

    template <class Blocks, class T>
    static void gradient_sums_of_blocks(Blocks blocks, NormGradientSums<T> sums,
                                        NormGradientSums<T> gradients, const T* x, const T* dy,
                                        Moments<T> moments, Index rows, bool add, T* scratch) {
        const auto values = [=](int first) { return RowValues<T>{dy + first, blocks.channels}; };
        const auto products = [=](int first, const T* m) {
            return GradientTimesDeviation<T>{dy + first, x + first, m, blocks.channels};
        };
        const auto finish = [=]<int Width>(int first, const Array<T, Width>& of_dy,
                                           const Array<T, Width>& of_products) {
            Array<T, Width> deviation;
            deviations<Width>(deviation, moments, first);
            for (int k = 0; k < Width; ++k) {
                sums.dy[first + k] = of_dy[k];
                sums.dy_normalized[first + k] = of_products[k] / deviation[k];
            }
            const auto put = [&](T* gradient, const T* sum) {
                for (int k = first; gradient && k < first + Width; ++k)
                    gradient[k] = add ? gradient[k] + sum[k] : sum[k];
            };
            put(gradients.dy_normalized, sums.dy_normalized);
            put(gradients.dy, sums.dy);
        };
        if (!blocks.stores_segments(rows, scratch))
            return blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
                Array<T, Width> of_dy, of_products, m;
                std::copy_n(moments.mean + first, Width, m);
                sum_over_rows<Width>(of_dy, rows, values(first));
                sum_over_rows<Width>(of_products, rows, products(first, m));
                finish.template operator()<Width>(first, of_dy, of_products);
            });
        T* const segments_of_products = scratch + blocks.segment_sums(rows);
        blocks.for_each_part(
            rows, [=]<int Width>(int first, std::integral_constant<int, Width>, RowRange some) {
                Array<T, Width> m;
                std::copy_n(moments.mean + first, Width, m);
                blocks.template store_segments<Width>(scratch, first, some, values(first));
                blocks.template store_segments<Width>(segments_of_products, first, some, products(first, m));
            });
        blocks.for_each([=]<int Width>(int first, std::integral_constant<int, Width>) {
            Array<T, Width> of_dy, of_products;
            blocks.template sum_of_segments<Width>(of_dy, scratch, first, rows);
            blocks.template sum_of_segments<Width>(of_products, segments_of_products, first, rows);
            finish.template operator()<Width>(first, of_dy, of_products);
        });
    }

    template <class Blocks, class T, class F>
    static void input_gradient_of_blocks(Blocks blocks, T* dx, const T* x, const T* dy, Moments<T> moments,
                                         const T* weight, NormGradientSums<const T> sums, Index rows,
                                         T summed_rows, F f) {
        blocks.for_each_part(
            rows, [=]<int Width>(int first, std::integral_constant<int, Width>, RowRange some) {
                Array<T, Width> m, deviation, scale, constant = {}, slope = {};
                deviations<Width>(deviation, moments, first);
                for (int k = 0; k < Width; ++k) {
                    m[k] = moments.mean[first + k];
                    scale[k] = weight[first + k] / deviation[k];
                }
                if (sums.dy && sums.dy_normalized)
                    for (int k = 0; k < Width; ++k) {
                        constant[k] = sums.dy[first + k] / summed_rows;
                        slope[k] = sums.dy_normalized[first + k] / (deviation[k] * summed_rows);
                    }
                for (Index r = some.begin; r < some.end; ++r) {
                    CTGAN_INDEPENDENT_ITERATIONS
                    for (int k = 0; k < Width; ++k) {
                        const Index i = r * blocks.channels + first + k;
                        dx[i] = f(x[i], scale[k] * (dy[i] - constant[k] - (x[i] - m[k]) * slope[k]));
                    }
                }
            });
    }

    /// to[k] = sqrt(variance + epsilon) of channel first + k. Computed in packs: std::sqrt may set errno, so
    /// the compiler would compute one root at a time.
    template <int Width, class T>
    static void deviations(Array<T, Width>& to, const Moments<T>& moments, int first) {
        constexpr int lanes = Pack<T>::size, whole = Width / lanes * lanes;
        const T* const variance = moments.variance + first;
        for (int k = 0; k < whole; k += lanes)
            sqrt(Pack<T>::load(variance + k) + Pack<T>(moments.epsilon)).store(to + k);
        for (int k = whole; k < Width; ++k) to[k] = std::sqrt(variance[k] + moments.epsilon);
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
