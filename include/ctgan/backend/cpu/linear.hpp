#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/outer_product.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/backend/cpu/update_packs.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// y = x Wᵀ + b with W in memory as [in][out]: a block of outputs of some samples stays in registers while the
/// kernel runs along the inputs. A layer of a single output is a dot product instead.
struct LinearVerbs {
    /// y = f(x Wᵀ + b). A sample's result does not depend on the others in the batch.
    template <int In, int Out, class T, class F = Identity>
    static void linear(int batch, const T* x, const T* w, const T* b, T* y, F f = {}) {
        if constexpr (Out == 1)
            for_each_piece(batch, [=](Index s) { y[s] = f(dot<In>(x + s * In, w) + *b); });
        else
            Forward<In, Out, T>::run(batch, x, w, b, y, f);
    }

    /// dx = dy W.
    template <int In, int Out, class T>
    static void linear_input_gradient(int batch, const T* dy, const T* w, T* dx) {
        for_each_piece(Index{Parts{In, inputs_of_a_piece}.count()} * batch, [=](Index piece) {
            constexpr Parts parts{In, inputs_of_a_piece};
            const int part = static_cast<int>(piece) % parts.count();
            const T* const gradient = dy + piece / parts.count() * Out;
            T* const to = dx + piece / parts.count() * In;
            const int end = parts.begin(part + 1);
            if constexpr (Out == 1) {
                CTGAN_INDEPENDENT_ITERATIONS
                for (int i = parts.begin(part); i < end; ++i) to[i] = *gradient * w[i];
            } else {
                for (int i = parts.begin(part); i < end; ++i) to[i] = dot<Out>(gradient, w + Index{i} * Out);
            }
        });
    }

    /// dW (+)= dyᵀ x.
    template <int In, int Out, class T>
    static void linear_weight_gradient(int batch, const T* x, const T* dy, T* dw, bool add) {
        outer_product<In, Out>(batch, x, dy, StoreOrAdd<T>{dw, add});
    }

    /// An optimizer's step for W with its gradient dyᵀ x, which is never stored: f(parameter, gradient,
    /// state...).
    template <int In, int Out, class F, class T, class... State>
    static void linear_update(F f, int batch, const T* x, const T* dy, T* w, State*... state) {
        outer_product<In, Out>(batch, x, dy, UpdatePacks<F, T, State...>{f, w, {state...}});
    }

  private:
    static constexpr int inputs_of_a_piece = 1024;
    static constexpr int samples_of_a_piece = 56;
    /// Inputs that are summed up before they are added to the rest, as in DirectConvolution.
    static constexpr int chain = 128;

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
                sum[c] = multiply_add(Pack<T>::load(a + i + c * lanes), Pack<T>::load(b + i + c * lanes), sum[c]);
        }
        T total = ((sum[0] + sum[1]) + (sum[2] + sum[3])).sum();
        for (int i = whole; i < N; ++i) total += a[i] * b[i];
        return total;
    }

    template <int In, int Out, class T>
    struct Forward {
        static constexpr int lanes = Pack<T>::size;
        static constexpr int width = Out > lanes ? 2 * lanes : lanes;
        static constexpr int blocks = (Out + width - 1) / width;

        template <class F>
        static void run(int batch, const T* x, const T* w, const T* b, T* y, F f) {
            const int groups = (batch + samples_of_a_piece - 1) / samples_of_a_piece;
            for_each_piece(Index{groups} * blocks, [=](Index piece) {
                const int column = static_cast<int>(piece) / groups * width;
                const int first = static_cast<int>(piece) % groups * samples_of_a_piece;
                const int last = std::min(batch, first + samples_of_a_piece);
                const int outputs = std::min(width, Out - column);
                for (int s = first; s < last; ++s) std::copy_n(b + column, outputs, y + Index{s} * Out + column);
                for (int begin = 0; begin < In; begin += chain) {
                    const int depth = std::min(chain, In - begin);
                    const T* const block = w + Index{begin} * Out + column;
                    if (outputs == width)
                        add<Out, true>(first, last, depth, x + begin, block, outputs, y + column);
                    else
                        add_edge(first, last, depth, x + begin, block, outputs, y + column);
                }
                if constexpr (!std::is_same_v<F, Identity>)
                    for (int s = first; s < last; ++s)
                        for (int o = column; o < column + outputs; ++o) y[Index{s} * Out + o] = f(y[Index{s} * Out + o]);
            });
        }

      private:
        /// The block of the last outputs, which do not fill it, from a copy that does.
        [[gnu::noinline]] static void add_edge(int first, int last, int depth, const T* x, const T* block,
                                               int outputs, T* y) {
            T filled[chain * width];
            for (int i = 0; i < depth; ++i) {
                std::copy_n(block + Index{i} * Out, outputs, filled + i * width);
                std::fill_n(filled + i * width + outputs, width - outputs, T{0});
            }
            add<width, false>(first, last, depth, x, filled, outputs, y);
        }

        /// y[sample][...] += the sum over `depth` inputs, for samples `first` to `last`.
        template <int BStep, bool Whole>
        static void add(int first, int last, int depth, const T* x, const T* block, int outputs, T* y) {
            int s = first;
            const auto samples = [&]<int Rows>() {
                for (; s + Rows <= last; s += Rows) {
                    RegisterTile<T, Rows, width / lanes> tile;
                    tile.clear();
                    tile.template add_product<In, 1, BStep>(depth, x + Index{s} * In, block);
                    tile.for_each([&](int r, int column, Pack<T> sum) {
                        T* const to = y + Index{s + r} * Out + column;
                        const int rest = outputs - column;
                        if (Whole || rest >= lanes)
                            (Pack<T>::load(to) + sum).store(to);
                        else if (rest > 0)
                            (Pack<T>::load_first(to, rest) + sum).store_first(to, rest);
                    });
                }
            };
            samples.template operator()<most_tile_rows>();
            samples.template operator()<4>();
            samples.template operator()<1>();
        }
    };

    /// What is done with each pack of the weight's gradient.
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
};

} // namespace ctgan::cpu
