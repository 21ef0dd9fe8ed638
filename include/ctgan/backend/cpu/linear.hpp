#pragma once

#include <ctgan/backend/cpu/linear_input_gradient.hpp>
#include <ctgan/backend/cpu/outer_product.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/backend/cpu/update_packs.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The bias of a block of outputs of a layer without one.
template <class T>
inline constexpr Array<T, output_block> no_bias{};

/// y = x Wᵀ + b, with W stored in blocks of outputs, each a matrix [in][output of the block]. The outputs of
/// a block for some samples stay in registers while a kernel runs along the inputs, and a block with its
/// gradient and optimizer state is contiguous in memory. A layer with a single output is a dot product
/// instead.
struct LinearOperations {
    /// y = f(x Wᵀ + b). `b` may be null. A sample's result does not depend on the others in the batch.
    template <int In, int Out, class T, class F = IdentityFunction>
    static void linear(T* y, const T* x, const T* w, const T* b, int batch, F f = {}) {
        if constexpr (Out == 1) {
            parallel_for(batch, [=](Index s) { y[s] = f(dot<In>(x + s * In, w) + (b ? *b : T{0})); });
        } else {
            const int groups = (batch + samples_per_chunk - 1) / samples_per_chunk;
            for_each_block<Out>(
                groups, [=]<int Width>(int first, int group, std::integral_constant<int, Width>) {
                    const int begin = group * samples_per_chunk;
                    multiply_block<In, Out, Width>(y + first, x, w + Index{first} * In,
                                                   b ? b + first : no_bias<T>, begin,
                                                   (std::min)(batch, begin + samples_per_chunk), f);
                });
        }
    }

    /// dx = dy W.
    template <int In, int Out, class T>
    static void linear_input_gradient(T* dx, const T* dy, const T* w, int batch) {
        if constexpr (Out >= output_block) {
            LinearInputGradient<T>{In, Out}.run(dx, dy, w, batch);
        } else {
            parallel_for(Index{Parts{In, inputs_per_chunk}.count()} * batch, [=](Index chunk) {
                constexpr Parts parts{In, inputs_per_chunk};
                const int part = static_cast<int>(chunk) % parts.count();
                const T* const gradient = dy + chunk / parts.count() * Out;
                T* const to = dx + chunk / parts.count() * In;
                for (int i = parts.begin(part); i < parts.begin(part + 1); ++i) {
                    T total{0};
                    for (int k = 0; k < Out; ++k) total += gradient[k] * w[Index{i} * Out + k];
                    to[i] = total;
                }
            });
        }
    }

    /// dW (+)= dyᵀ x.
    template <int In, int Out, class T>
    static void linear_weight_gradient(T* dw, const T* x, const T* dy, int batch, bool add) {
        use_weight_gradient<In, Out>(x, dy, batch, StoreOrAdd<T>{dw, add});
    }

    /// An optimizer's step for W with its gradient dyᵀ x, which is never stored: f(parameter, gradient,
    /// state...).
    template <int In, int Out, class F, class T, int States>
    static void linear_update(ParameterBlock<T, States> block, const T* x, const T* dy, int batch, F f) {
        using Function = decltype(ctgan::detail::load_function(f));
        use_weight_gradient<In, Out>(
            x, dy, batch, UpdatePacks<Function, T, States>{block, ctgan::detail::load_function(f)});
    }
    /// The same with the gradient's sum over the samples added up in this order.
    template <int In, int Out, class F, class T, int States>
    static void linear_update(ParameterBlock<T, States> block, const T* x, const T* dy, PartialSums samples,
                              F f) {
        using Function = decltype(ctgan::detail::load_function(f));
        use_weight_gradient<In, Out>(
            x, dy, samples, UpdatePacks<Function, T, States>{block, ctgan::detail::load_function(f)});
    }

  private:
    static constexpr int inputs_per_chunk = 1024;
    static constexpr int samples_per_chunk = 56;
    /// How many inputs are summed before their sum is added to the result. The rounding error of a sum grows
    /// with its length; these sums are as short as those in the lanes of a vectorized dot product.
    static constexpr int inputs_per_sum = 8;
    /// Whether there are registers for the results besides those for their partial sums.
    static constexpr bool results_in_registers = registers >= 32;
    static constexpr int max_samples_of_tile = results_in_registers ? 7 : max_tile_rows;

    /// Calls body(first output, group, integral_constant<int, outputs>) for each block and group.
    template <int Out, class Body>
    static void for_each_block(int groups, const Body& body) {
        constexpr int whole = Out / output_block, rest = Out % output_block;
        parallel_for(Index{whole + (rest > 0)} * groups, [&](Index chunk) {
            const int block = static_cast<int>(chunk) / groups, group = static_cast<int>(chunk) % groups;
            if constexpr (whole > 0) {
                if (block < whole)
                    return body(block * output_block, group, std::integral_constant<int, output_block>{});
            }
            if constexpr (rest > 0) body(whole * output_block, group, std::integral_constant<int, rest>{});
        });
    }

    /// The outputs of one block for samples `first` to `last`.
    template <int In, int Out, int Width, class T, class F>
    static void multiply_block(T* y, const T* x, const T* w, const T* b, int first, int last, F f) {
        const auto add_inputs = [=](int begin, int count) {
            int s = first;
            const auto samples = [&]<int Rows>() {
                for (; s + Rows <= last; s += Rows)
                    compute_tiles<Rows, In, Out, Width>(y + Index{s} * Out, x + Index{s} * In + begin,
                                                        w + Index{begin} * Width, b, count, s == first);
            };
            samples.template operator()<max_samples_of_tile>();
            samples.template operator()<4>();
            samples.template operator()<1>();
        };
        if constexpr (results_in_registers) {
            add_inputs(0, In);
        } else {
            for (int s = first; s < last; ++s) std::copy_n(b, Width, y + Index{s} * Out);
            for (int begin = 0; begin < In; begin += inputs_per_sum)
                add_inputs(begin, (std::min)(inputs_per_sum, In - begin));
        }
        if constexpr (!std::is_same_v<F, IdentityFunction>)
            for (int s = first; s < last; ++s) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (int o = 0; o < Width; ++o) y[Index{s} * Out + o] = f(y[Index{s} * Out + o]);
            }
    }

    /// Adds the sums over inputs_per_sum of some inputs each, in order, to the outputs of a block for `Rows`
    /// samples: to b or, if the results are in memory, to those.
    template <int Rows, int In, int Out, int Width, class T>
    CTGAN_INLINE static void compute_tiles(T* y, const T* x, const T* w, const T* b, int inputs, bool first) {
        constexpr int lanes = Pack<T>::size;
        constexpr int packs = Width > lanes ? 2 : 1;
        const auto compute_tile = [&]<int TileWidth>(int column) {
            const auto for_each_result = [&](const auto& tile, const auto& use) {
                tile.for_each([&](int r, int within, Pack<T> pack) {
                    if (within < TileWidth)
                        use(pack, y + Index{r} * Out + column + within, TileWidth - within);
                });
            };
            [[maybe_unused]] RegisterTile<T, Rows, packs> result; // if results_in_registers
            if constexpr (results_in_registers) result.fill(b + column, TileWidth);
            for (int begin = 0; begin < inputs; begin += inputs_per_sum) {
                const int depth = (std::min)(inputs_per_sum, inputs - begin);
                const ColumnAtFixedStep<T, In> of_inputs(x + begin);
                const T* const weights = w + Index{begin} * Width + column;
                RegisterTile<T, Rows, packs> tile;
                tile.clear();
                if constexpr (TileWidth == packs * lanes)
                    tile.add_product(of_inputs, 1, weights, Width, depth);
                else
                    tile.add_edge_product(of_inputs, 1, weights, Width, depth, TileWidth);
                if (first && column == 0) { // the next samples find them in the cache
                    CTGAN_UNROLL
                    for (std::size_t line = 0; line < sizeof(T) * inputs_per_sum * Width;
                         line += bytes_per_line)
                        prefetch(ahead_of(weights, prefetch_distance + line));
                }
                if constexpr (results_in_registers)
                    result.add(tile);
                else
                    for_each_result(tile, [](Pack<T> pack, T* to, int count) { pack.add_to(to, count); });
            }
            if constexpr (results_in_registers)
                for_each_result(result, [](Pack<T> pack, T* to, int count) { pack.store(to, count); });
        };
        int column = 0;
        for (; column + packs * lanes <= Width; column += packs * lanes)
            compute_tile.template operator()<packs * lanes>(column);
        if constexpr (Width % (packs * lanes) != 0)
            compute_tile.template operator()<Width % (packs * lanes)>(column);
    }

    /// Calls use(index in the weight, pack, lanes) for each pack of dyᵀ x.
    template <int In, int Out, class T, class Samples, class Use>
    static void use_weight_gradient(const T* x, const T* dy, Samples samples, const Use& use) {
        if constexpr (Out == 1) {
            for_each_block<In>(1, [=]<int Width>(int first, int, std::integral_constant<int, Width>) {
                outer_product<1, Width, 1, In>(dy, x + first, samples, Shifted<Use>{use, first});
            });
        } else {
            for_each_block<Out>(1, [=]<int Width>(int first, int, std::integral_constant<int, Width>) {
                outer_product<In, Width, In, Out>(x, dy + first, samples,
                                                  Shifted<Use>{use, Index{first} * In});
            });
        }
    }

    /// Turns an index within a block into an index in the weight.
    template <class Use>
    struct Shifted {
        Use use;
        Index begin;
        template <class P>
        CTGAN_INLINE void operator()(Index at, P pack, int lanes) const {
            use(begin + at, pack, lanes);
        }
    };

    template <class T>
    struct StoreOrAdd {
        T* to;
        bool add;
        CTGAN_INLINE void operator()(Index at, Pack<T> gradient, int lanes) const {
            gradient.store_or_add(to + at, add, lanes);
        }
    };

    template <int N, class T>
    static T dot(const T* a, const T* b) {
        constexpr int lanes = Pack<T>::size, sums = 4;
        constexpr int whole = N / (sums * lanes) * (sums * lanes);
        Pack<T> sum[sums];
        CTGAN_UNROLL
        for (auto& s : sum) s = Pack<T>(T{0});
        for (int i = 0; i < whole; i += sums * lanes) {
            CTGAN_UNROLL
            for (int c = 0; c < sums; ++c)
                sum[c] =
                    multiply_add(Pack<T>::load(a + i + c * lanes), Pack<T>::load(b + i + c * lanes), sum[c]);
        }
        T total = ((sum[0] + sum[1]) + (sum[2] + sum[3])).sum();
        for (int i = whole; i < N; ++i) total += a[i] * b[i];
        return total;
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
