#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/outer_product.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/backend/cpu/update_packs.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// y = x Wᵀ + b with W in memory as blocks of outputs, each a matrix [in][output of the block]. The outputs
/// of a block and some samples stay in registers while a kernel runs along the inputs, and a block, with its
/// gradient and an optimizer's state, is one stretch of memory. A layer of a single output is a dot product
/// instead.
struct LinearVerbs {
    /// y = f(x Wᵀ + b). A sample's result does not depend on the others in the batch.
    template <int In, int Out, class T, class F = Identity>
    static void linear(int batch, const T* x, const T* w, const T* b, T* y, F f = {}) {
        if constexpr (Out == 1) {
            for_each_piece(batch, [=](Index s) { y[s] = f(dot<In>(x + s * In, w) + *b); });
        } else {
            const int groups = (batch + samples_of_a_piece - 1) / samples_of_a_piece;
            for_each_block<Out>(
                groups, [=]<int Width>(int first, int group, std::integral_constant<int, Width>) {
                    const int begin = group * samples_of_a_piece;
                    multiply_block<In, Out, Width>(begin, std::min(batch, begin + samples_of_a_piece), x,
                                                   w + Index{first} * In, b + first, y + first, f);
                });
        }
    }

    /// dx = dy W.
    template <int In, int Out, class T>
    static void linear_input_gradient(int batch, const T* dy, const T* w, T* dx) {
        for_each_piece(Index{Parts{In, inputs_of_a_piece}.count()} * batch, [=](Index piece) {
            constexpr Parts parts{In, inputs_of_a_piece};
            const int part = static_cast<int>(piece) % parts.count();
            const T* const gradient = dy + piece / parts.count() * Out;
            T* const to = dx + piece / parts.count() * In;
            for (int i = parts.begin(part); i < parts.begin(part + 1); ++i)
                to[i] = dot_with_input<In, Out>(gradient, w, i);
        });
    }

    /// dW (+)= dyᵀ x.
    template <int In, int Out, class T>
    static void linear_weight_gradient(int batch, const T* x, const T* dy, T* dw, bool add) {
        use_weight_gradient<In, Out>(batch, x, dy, StoreOrAdd<T>{dw, add});
    }

    /// An optimizer's step for W with its gradient dyᵀ x, which is never stored: f(parameter, gradient,
    /// state...).
    template <int In, int Out, class F, class T, class... State>
    static void linear_update(F f, int batch, const T* x, const T* dy, T* w, State*... state) {
        const auto update = present(f);
        use_weight_gradient<In, Out>(batch, x, dy,
                                     UpdatePacks<decltype(present(f)), T, State...>{update, w, {state...}});
    }

  private:
    static constexpr int inputs_of_a_piece = 1024;
    static constexpr int samples_of_a_piece = 56;
    /// Inputs that are summed up before they are added to the rest: short chains, short errors, as the lanes
    /// of a vectorized dot product would have.
    static constexpr int chain = 8;

    /// Calls body(first output, group, integral_constant<int, outputs>) for each block and group.
    template <int Out, class Body>
    static void for_each_block(int groups, const Body& body) {
        constexpr int whole = Out / output_block, rest = Out % output_block;
        for_each_piece(Index{whole + (rest > 0)} * groups, [&](Index piece) {
            const int block = static_cast<int>(piece) / groups, group = static_cast<int>(piece) % groups;
            if constexpr (whole > 0) {
                if (block < whole)
                    return body(block * output_block, group, std::integral_constant<int, output_block>{});
            }
            if constexpr (rest > 0) body(whole * output_block, group, std::integral_constant<int, rest>{});
        });
    }

    /// A block's outputs for samples `first` to `last`.
    template <int In, int Out, int Width, class T, class F>
    static void multiply_block(int first, int last, const T* x, const T* w, const T* b, T* y, F f) {
        for (int s = first; s < last; ++s) std::copy_n(b, Width, y + Index{s} * Out);
        for (int begin = 0; begin < In; begin += chain) {
            const int depth = std::min(chain, In - begin);
            int s = first;
            const auto samples = [&]<int Rows>() {
                for (; s + Rows <= last; s += Rows)
                    add_tiles<Rows, In, Out, Width>(depth, x + Index{s} * In + begin,
                                                    w + Index{begin} * Width, y + Index{s} * Out);
            };
            samples.template operator()<most_tile_rows>();
            samples.template operator()<4>();
            samples.template operator()<1>();
        }
        if constexpr (!std::is_same_v<F, Identity>)
            for (int s = first; s < last; ++s) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (int o = 0; o < Width; ++o) y[Index{s} * Out + o] = f(y[Index{s} * Out + o]);
            }
    }

    /// y[sample][...] += the sum over `depth` inputs, for `Rows` samples.
    template <int Rows, int In, int Out, int Width, class T>
    static void add_tiles(int depth, const T* x, const T* w, T* y) {
        constexpr int lanes = Pack<T>::size;
        constexpr int packs = Width > lanes ? 2 : 1;
        const auto add_tile = [&]<int TileWidth>(int column) {
            RegisterTile<T, Rows, packs> tile;
            tile.clear();
            if constexpr (TileWidth == packs * lanes)
                tile.template add_product<In, 1, Width>(depth, x, w + column);
            else
                tile.template add_edge_product<In, 1, Width>(depth, TileWidth, x, w + column);
            tile.for_each([&](int r, int within, Pack<T> sum) {
                T* const to = y + Index{r} * Out + column + within;
                if (within + lanes <= TileWidth)
                    (Pack<T>::load(to) + sum).store(to);
                else if (within < TileWidth)
                    (Pack<T>::load_first(to, TileWidth - within) + sum).store_first(to, TileWidth - within);
            });
        };
        int column = 0;
        for (; column + packs * lanes <= Width; column += packs * lanes)
            add_tile.template operator()<packs * lanes>(column);
        if constexpr (Width % (packs * lanes) != 0)
            add_tile.template operator()<Width % (packs * lanes)>(column);
    }

    /// Hands each pack of dyᵀ x to `use`, with its index in the weight.
    template <int In, int Out, class T, class Use>
    static void use_weight_gradient(int batch, const T* x, const T* dy, const Use& use) {
        if constexpr (Out == 1) {
            for_each_block<In>(1, [=]<int Width>(int first, int, std::integral_constant<int, Width>) {
                outer_product<1, Width, 1, In>(batch, dy, x + first, Shifted<Use>{use, first});
            });
        } else {
            for_each_block<Out>(1, [=]<int Width>(int first, int, std::integral_constant<int, Width>) {
                outer_product<In, Width, In, Out>(batch, x, dy + first, Shifted<Use>{use, Index{first} * In});
            });
        }
    }

    /// A block's part of the weight.
    template <class Use>
    struct Shifted {
        Use use;
        Index begin;
        template <class P, class... Lanes>
        void operator()(Index at, P pack, Lanes... lanes) const {
            use(begin + at, pack, lanes...);
        }
    };

    template <class T>
    struct StoreOrAdd {
        T* to;
        bool add;
        void operator()(Index at, Pack<T> gradient) const {
            (add ? Pack<T>::load(to + at) + gradient : gradient).store(to + at);
        }
        void operator()(Index at, Pack<T> gradient, int lanes) const {
            (add ? Pack<T>::load_first(to + at, lanes) + gradient : gradient).store_first(to + at, lanes);
        }
    };

    template <int N, class T>
    static T dot(const T* a, const T* b) {
        constexpr int lanes = Pack<T>::size, chains = 4;
        constexpr int whole = N / (chains * lanes) * (chains * lanes);
        Pack<T> sum[chains];
        CTGAN_UNROLL
        for (auto& s : sum) s = Pack<T>(T{0});
        for (int i = 0; i < whole; i += chains * lanes) {
            CTGAN_UNROLL
            for (int c = 0; c < chains; ++c)
                sum[c] =
                    multiply_add(Pack<T>::load(a + i + c * lanes), Pack<T>::load(b + i + c * lanes), sum[c]);
        }
        T total = ((sum[0] + sum[1]) + (sum[2] + sum[3])).sum();
        for (int i = whole; i < N; ++i) total += a[i] * b[i];
        return total;
    }

    /// The sum over outputs of dy times the weight of input i.
    template <int In, int Out, class T>
    static T dot_with_input(const T* dy, const T* w, int i) {
        constexpr int whole = Out / output_block * output_block, rest = Out - whole;
        constexpr int lanes = Pack<T>::size;
        T total{0};
        if constexpr (whole > 0) {
            Pack<T> sum(T{0});
            for (int o = 0; o < whole; o += output_block) {
                const T* const block = w + Index{o} * In + Index{i} * output_block;
                CTGAN_UNROLL
                for (int k = 0; k < output_block; k += lanes)
                    sum = multiply_add(Pack<T>::load(dy + o + k), Pack<T>::load(block + k), sum);
            }
            total = sum.sum();
        }
        for (int k = 0; k < rest; ++k) total += dy[whole + k] * w[Index{whole} * In + Index{i} * rest + k];
        return total;
    }
};

} // namespace ctgan::cpu
