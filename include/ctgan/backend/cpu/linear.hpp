#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/simd.hpp>

#include <algorithm>

namespace ctgan::cpu {

/// y = x Wᵀ + b with W as PyTorch keeps it, [out][in]. At a GAN's small batches these are products of thin
/// matrices bound by reading W, so each kernel streams W once, row by row, and keeps a tile of results in
/// registers.
struct LinearVerbs {
    template <int In, int Out, class T, class F = Identity>
    static void linear(int batch, const T* x, const T* w, const T* b, T* y, F f = {}) {
        for_each_piece(Parts{Out, piece_rows}.count(), [=](Index piece) {
            const Parts pieces{Out, piece_rows};
            const int begin = pieces.begin(static_cast<int>(piece)),
                      end = pieces.begin(static_cast<int>(piece) + 1);
            int row = begin;
            for (; row + 4 <= end; row += 4) dot_rows<In, Out, 4>(batch, x, w, b, row, y, f);
            for (; row < end; ++row) dot_rows<In, Out, 1>(batch, x, w, b, row, y, f);
        });
    }

    /// dx = dy W.
    template <int In, int Out, class T>
    static void linear_input_gradient(int batch, const T* dy, const T* w, T* dx) {
        constexpr int width = 2 * Pack<T>::size;
        constexpr int blocks = (In + width - 1) / width;
        for_each_piece(Index{blocks} * batch, [=](Index piece) {
            const Index sample = piece / blocks;
            const int first = static_cast<int>(piece % blocks) * width;
            const T* d = dy + sample * Out;
            T* to = dx + sample * In + first;
            if (first + width <= In) {
                Pack<T> a(T{0}), c(T{0});
                for (Index o = 0; o < Out; ++o) {
                    const T* row = w + o * In + first;
                    a = multiply_add(Pack<T>(d[o]), Pack<T>::load(row), a);
                    c = multiply_add(Pack<T>(d[o]), Pack<T>::load(row + Pack<T>::size), c);
                }
                a.store(to);
                c.store(to + Pack<T>::size);
            } else {
                const int lanes = In - first;
                std::fill_n(to, lanes, T{0});
                for (Index o = 0; o < Out; ++o)
                    for (int i = 0; i < lanes; ++i) to[i] += d[o] * w[o * In + first + i];
            }
        });
    }

    /// dW (+)= dyᵀ x.
    template <int In, int Out, class T>
    static void linear_weight_gradient(int batch, const T* x, const T* dy, T* dw, bool add) {
        for_each_piece(Parts{Out, piece_rows}.count(), [=](Index piece) {
            const Parts pieces{Out, piece_rows};
            const int end = pieces.begin(static_cast<int>(piece) + 1);
            for (Index row = pieces.begin(static_cast<int>(piece)); row < end; ++row)
                outer_row<In, Out>(batch, x, dy + row, dw + row * In, add);
        });
    }

  private:
    static constexpr int piece_rows = 64;

    /// y[sample][row ...] for `Rows` rows of W and all samples.
    template <int In, int Out, int Rows, class T, class F>
    static void dot_rows(int batch, const T* x, const T* w, const T* b, int row, T* y, F f) {
        constexpr int most = registers >= 32 ? 4 : 2;
        int sample = 0;
        for (; sample + most <= batch; sample += most) dot_tile<In, Out, Rows, most>(x, w, b, row, sample, y, f);
        for (; sample < batch; ++sample) dot_tile<In, Out, Rows, 1>(x, w, b, row, sample, y, f);
    }

    template <int In, int Out, int Rows, int Samples, class T, class F>
    static void dot_tile(const T* x, const T* w, const T* b, int row, int sample, T* y, F f) {
        constexpr int lanes = Pack<T>::size;
        constexpr int whole = In / lanes * lanes;
        const T* xs = x + Index{sample} * In;
        const T* ws = w + Index{row} * In;
        Pack<T> sum[Rows][Samples];
        CTGAN_UNROLL
        for (auto& sums : sum)
            for (auto& s : sums) s = Pack<T>(T{0});
        for (int i = 0; i < whole; i += lanes) {
            Pack<T> xi[Samples];
            CTGAN_UNROLL
            for (int s = 0; s < Samples; ++s) xi[s] = Pack<T>::load(xs + s * In + i);
            CTGAN_UNROLL
            for (int r = 0; r < Rows; ++r) {
                const Pack<T> wi = Pack<T>::load(ws + r * In + i);
                CTGAN_UNROLL
                for (int s = 0; s < Samples; ++s) sum[r][s] = multiply_add(wi, xi[s], sum[r][s]);
            }
        }
        for (int r = 0; r < Rows; ++r)
            for (int s = 0; s < Samples; ++s) {
                T total = sum[r][s].sum();
                for (int i = whole; i < In; ++i) total += ws[r * In + i] * xs[s * In + i];
                y[(Index{sample} + s) * Out + row + r] = f(total + b[row + r]);
            }
    }

    /// to[i] (+)= sum over samples of dy[sample] x[sample][i].
    template <int In, int Out, class T>
    static void outer_row(int batch, const T* x, const T* dy, T* to, bool add) {
        constexpr int lanes = Pack<T>::size;
        int i = 0;
        for (; i + lanes <= In; i += lanes) {
            Pack<T> sum = add ? Pack<T>::load(to + i) : Pack<T>(T{0});
            for (Index s = 0; s < batch; ++s)
                sum = multiply_add(Pack<T>(dy[s * Out]), Pack<T>::load(x + s * In + i), sum);
            sum.store(to + i);
        }
        for (; i < In; ++i) {
            T sum = add ? to[i] : T{0};
            for (Index s = 0; s < batch; ++s) sum += dy[s * Out] * x[s * In + i];
            to[i] = sum;
        }
    }
};

} // namespace ctgan::cpu
