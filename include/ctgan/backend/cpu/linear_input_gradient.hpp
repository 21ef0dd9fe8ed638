#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace ctgan::inline CTGAN_ABI::cpu {

#if CTGAN_SHUFFLES
/// The sums of the lanes of as many packs as each has lanes, added in the order of Pack::sum: the upper half
/// of the lanes to the lower half, and so on. Each step makes one vector of two, so that all lanes are in
/// use.
template <class T>
struct SumsOfLanes {
    static constexpr int count = Pack<T>::size;
    using Vector = typename detail::Lanes<T>::Vector;

    CTGAN_INLINE static void store(T* to, const Pack<T>* packs) {
        typename detail::Lanes<T>::Rows rows;
        for (int n = 0; n < count; ++n) packs[n].store(reinterpret_cast<T*>(&rows[n]));
        add_halves<count / 2>(rows);
        std::memcpy(to, &rows[0], sizeof rows[0]);
    }

  private:
    /// Of each sum a vector holds 2 * Half lanes.
    template <int Half>
    CTGAN_INLINE static void add_halves(Vector* rows) {
        if constexpr (Half > 0) {
            CTGAN_UNROLL
            for (int n = 0; n < 2 * Half; n += 2)
                rows[n / 2] =
                    halves<Half, 0>(rows[n], rows[n + 1], std::make_integer_sequence<int, count>{}) +
                    halves<Half, Half>(rows[n], rows[n + 1], std::make_integer_sequence<int, count>{});
            add_halves<Half / 2>(rows);
        }
    }
    /// The lower halves of all sums of a and b, or those that begin `Offset` lanes later.
    template <int Half, int Offset, int... Lane>
    CTGAN_INLINE static Vector halves(const Vector& a, const Vector& b, std::integer_sequence<int, Lane...>) {
        return __builtin_shufflevector(a, b, (Lane / Half * 2 * Half + Lane % Half + Offset)...);
    }
};
#endif

/// dx = dy W for a Linear layer of several outputs: the code that all sizes share. Each value of dx is a dot
/// product along the outputs, which are contiguous in a block of the weight. A tile of some samples and
/// inputs has its sums in registers, one pack each, so that a pack of dy or of the weight is read once for
/// several products. A value's sum has the same order whatever tile it is in.
template <class T>
struct LinearInputGradient {
    int inputs, outputs;

    CTGAN_SHARED void run(T* dx, const T* dy, const T* w, int batch) const {
        const int parts = (inputs + inputs_per_part - 1) / inputs_per_part;
        const int groups = (batch + samples_per_group - 1) / samples_per_group;
        parallel_for(Index{parts} * groups, [=, *this](Index chunk) {
            const int input = static_cast<int>(chunk) % parts * inputs_per_part;
            const int sample = static_cast<int>(chunk) / parts * samples_per_group;
            const int last_input = (std::min)(inputs, input + inputs_per_part);
            const int last_sample = (std::min)(batch, sample + samples_per_group);
            int i = input;
            for (; i + tile_inputs <= last_input; i += tile_inputs)
                for_samples<tile_inputs>(dx, dy, w, i, sample, last_sample);
            for (; i < last_input; ++i) for_samples<1>(dx, dy, w, i, sample, last_sample);
        });
    }

  private:
    static constexpr int lanes = Pack<T>::size;
    static constexpr int tile_samples = registers >= 32 ? 4 : 2, tile_inputs = 4;
    static constexpr int inputs_per_part = 8 * tile_inputs, samples_per_group = 64;

    /// Those of `Inputs` inputs from i on, for samples `first` to `last`.
    template <int Inputs>
    void for_samples(T* dx, const T* dy, const T* w, int i, int first, int last) const {
        int s = first;
        for (; s + tile_samples <= last; s += tile_samples)
            compute<tile_samples, Inputs>(dx + Index{s} * inputs + i, dy + Index{s} * outputs, w, i);
        for (; s < last; ++s) compute<1, Inputs>(dx + Index{s} * inputs + i, dy + Index{s} * outputs, w, i);
    }

    /// A tile: for each sample and input the sum over outputs of dy times the weight.
    template <int Samples, int Inputs>
    void compute(T* dx, const T* dy, const T* w, int i) const {
        const int whole = outputs / output_block * output_block, rest = outputs - whole;
        Array<Array<Pack<T>, Inputs>, Samples> sums;
        CTGAN_UNROLL
        for (int s = 0; s < Samples; ++s) {
            CTGAN_UNROLL
            for (int c = 0; c < Inputs; ++c) sums[s][c] = Pack<T>(T{0});
        }
        for (int o = 0; o < whole; o += output_block) {
            const T* const block = w + Index{o} * inputs + Index{i} * output_block;
            CTGAN_UNROLL
            for (int k = 0; k < output_block; k += lanes) {
                Array<Pack<T>, Samples> gradients;
                CTGAN_UNROLL
                for (int s = 0; s < Samples; ++s)
                    gradients[s] = Pack<T>::load(dy + Index{s} * outputs + o + k);
                CTGAN_UNROLL
                for (int c = 0; c < Inputs; ++c) {
                    const Pack<T> weights = Pack<T>::load(block + c * output_block + k);
                    CTGAN_UNROLL
                    for (int s = 0; s < Samples; ++s)
                        sums[s][c] = multiply_add(gradients[s], weights, sums[s][c]);
                }
            }
        }
        Array<T, Samples * Inputs> totals;
        add_lanes<Samples * Inputs>(totals, &sums[0][0]);
        const T* const last_block = w + Index{whole} * inputs + Index{i} * rest;
        for (int s = 0; s < Samples; ++s)
            for (int c = 0; c < Inputs; ++c) {
                T total = totals[s * Inputs + c];
                for (int k = 0; k < rest; ++k)
                    total += dy[Index{s} * outputs + whole + k] * last_block[c * rest + k];
                dx[Index{s} * inputs + c] = total;
            }
    }

    /// to[n] = packs[n].sum(), of as many packs together as each has lanes.
    template <int Count>
    CTGAN_INLINE static void add_lanes(T* to, const Pack<T>* packs) {
        int n = 0;
#if CTGAN_SHUFFLES
        for (; n + lanes <= Count; n += lanes) SumsOfLanes<T>::store(to + n, packs + n);
#endif
        for (; n < Count; ++n) to[n] = packs[n].sum();
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
