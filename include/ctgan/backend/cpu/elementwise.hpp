#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/update_packs.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Functions of each value, their sums, and an optimizer's step.
struct ElementwiseOperations {
    /// Runs the action again each time: on the CPU, recording would save nothing.
    struct Recording {
        /// True: the action was called, not played back.
        template <class Action>
        bool run(const Action& action) {
            action();
            return true;
        }
    };

    /// f(), once.
    template <class F>
    static void run_once(F f) {
        f();
    }

    /// f(index) for all indices below n, in any order. No two indices write the same value.
    template <class F>
    static void for_each(Index n, F f) {
        // An index stands for one sample, for example, which is little work by itself.
        constexpr Index indices_per_chunk = 16;
        in_chunks<indices_per_chunk>(n, [=](Index begin, Index end) {
            for (Index i = begin; i < end; ++i) f(i);
        });
    }

    /// y = f(index).
    template <class F, class T>
    static void tabulate(T* y, Index n, F f) {
        in_chunks(n, [=](Index begin, Index end) {
            for (Index i = begin; i < end; ++i) y[i] = f(i);
        });
    }

    /// y = f(x). x and y are the same or do not overlap.
    template <class F, class T>
    static void map(T* y, const T* x, Index n, F f) {
        in_chunks(n, [=](Index begin, Index end) {
            CTGAN_INDEPENDENT_ITERATIONS
            for (Index i = begin; i < end; ++i) y[i] = f(x[i]);
        });
    }

    /// y = f(a, b). Each of a and b is y or does not overlap it.
    template <class F, class T>
    static void zip(T* y, const T* a, const T* b, Index n, F f) {
        in_chunks(n, [=](Index begin, Index end) {
            CTGAN_INDEPENDENT_ITERATIONS
            for (Index i = begin; i < end; ++i) y[i] = f(a[i], b[i]);
        });
    }

    /// y[r][c] = x[r][c] for c < columns, with rows of y_columns and x_columns values.
    template <class T>
    static void copy_columns(T* y, Index y_columns, const T* x, Index x_columns, Index rows, Index columns) {
        const Index rows_per_chunk = (std::max)(Index{1}, values_per_chunk / columns);
        parallel_for((rows + rows_per_chunk - 1) / rows_per_chunk, [=](Index chunk) {
            const Index end = (std::min)(rows, (chunk + 1) * rows_per_chunk);
            for (Index r = chunk * rows_per_chunk; r < end; ++r)
                std::copy_n(x + r * x_columns, columns, y + r * y_columns);
        });
    }

    /// *result = sum of f(x), added up in double in the order of the indices.
    template <class F, class T>
    static void sum(double* result, const T* x, Index n, F f) {
        double total = 0;
        for (Index i = 0; i < n; ++i) total += static_cast<double>(f(x[i]));
        *result = total;
    }

    /// *result = sum of f(a, b).
    template <class F, class T>
    static void sum(double* result, const T* a, const T* b, Index n, F f) {
        double total = 0;
        for (Index i = 0; i < n; ++i) total += static_cast<double>(f(a[i], b[i]));
        *result = total;
    }

    /// *result = sum of x^2 in double, in an order that depends on n alone.
    template <class T>
    static void sum_of_squares(double* result, const T* x, Index n) {
        constexpr Index slices = 64; // however long x is, so that the sums of the slices need no memory
        double sums[slices];
        const auto square = [](double value) { return value * value; };
        parallel_for(slices, [&](Index slice) {
            constexpr int lanes = 8; // independent sums, which the compiler keeps in registers
            double sum[lanes] = {};
            Index i = n * slice / slices;
            const Index end = n * (slice + 1) / slices;
            for (; i + lanes <= end; i += lanes)
                for (int k = 0; k < lanes; ++k) sum[k] += square(static_cast<double>(x[i + k]));
            for (; i < end; ++i) sum[0] += square(static_cast<double>(x[i]));
            double total = 0;
            for (const double part : sum) total += part;
            sums[slice] = total;
        });
        double total = 0;
        for (const double part : sums) total += part;
        *result = total;
    }

    /// An optimizer's step: f(parameter, gradient, state...) for every parameter, in one sweep over memory. f
    /// is written once for values and is called here with packs of them.
    template <class F, class T, int States>
    static void update(ParameterBlock<T, States> block, const T* gradient, Index n, F f) {
        using Function = decltype(ctgan::detail::load_function(f));
        const UpdatePacks<Function, T, States> update_packs{block, ctgan::detail::load_function(f)};
        in_chunks(n, [=](Index begin, Index end) {
            Index i = begin;
            for (; i + Pack<T>::size <= end; i += Pack<T>::size) update_packs(i, Pack<T>::load(gradient + i));
            if (const int rest = static_cast<int>(end - i); rest > 0)
                update_packs(i, Pack<T>::load(gradient + i, rest), rest);
        });
    }

  private:
    /// 8 KB of floats: large enough to pay for a thread, small enough to balance the load.
    static constexpr Index values_per_chunk = 2048;

    /// Calls body(begin, end) for consecutive ranges of at most `Size` indices.
    template <Index Size = values_per_chunk, class Body>
    static void in_chunks(Index n, const Body& body) {
        parallel_for((n + Size - 1) / Size,
                     [&](Index chunk) { body(chunk * Size, (std::min)(n, (chunk + 1) * Size)); });
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
