#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/backend/cuda/recording.hpp>
#include <ctgan/backend/cuda/update.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

template <class T>
struct Fill {
    T value;
    T* y;
    CTGAN_HD void operator()(Index i) const { y[i] = value; }
};

template <class F>
struct Once {
    F f;
    CTGAN_HD void operator()(Index) const { f(); }
};

template <class F, class T>
struct Tabulate {
    F f;
    T* y;
    CTGAN_HD void operator()(Index i) const { y[i] = f(i); }
};

template <class F, class T>
struct Map {
    F f;
    const T* x;
    T* y;
    CTGAN_HD void operator()(Index i) const { y[i] = f(x[i]); }
};

template <class F, class T>
struct Zip {
    F f;
    const T *a, *b;
    T* y;
    CTGAN_HD void operator()(Index i) const { y[i] = f(a[i], b[i]); }
};

template <class T>
struct CopyColumns {
    T* y;
    const T* x;
    Index y_columns, x_columns, columns;
    CTGAN_HD void operator()(Index i) const {
        const Index row = i / columns, column = i % columns;
        y[row * y_columns + column] = x[row * x_columns + column];
    }
};

template <class F, class T>
struct ValueOf {
    F f;
    const T* x;
    CTGAN_HD double operator()(Index i) const { return static_cast<double>(f(x[i])); }
};
template <class F, class T>
struct ValueOfTwo {
    F f;
    const T *a, *b;
    CTGAN_HD double operator()(Index i) const { return static_cast<double>(f(a[i], b[i])); }
};

struct Square {
    template <class T>
    CTGAN_HD double operator()(T x) const {
        return static_cast<double>(x) * static_cast<double>(x);
    }
};

/// Chunk c adds up the values at indices c, c + chunks, ... below n, so that consecutive threads read
/// adjacent values.
template <class Value>
struct PartialSum {
    Value value;
    Index n, chunks;
    double* partial;
    CTGAN_HD void operator()(Index chunk) const {
        double sum = 0;
        for (Index i = chunk; i < n; i += chunks) sum += value(i);
        partial[chunk] = sum;
    }
};

struct FromArray {
    const double* partial;
    CTGAN_HD double operator()(Index i) const { return partial[i]; }
};

template <class F, class T, int States>
struct Update {
    UpdateAt<F, T, States> at;
    const T* gradient;
    CTGAN_HD void operator()(Index i) const { at(i, gradient[i]); }
};

} // namespace detail

/// Functions of each value, their sums, and an optimizer's step.
struct ElementwiseOperations {
    using Recording = gpu::Recording;

    /// y = value, n times.
    template <class T>
    static void fill(T* y, Index n, T value) {
        parallel_for(n, detail::Fill<T>{value, y});
    }

    /// f(), once, on the device.
    template <class F>
    static void run_once(F f) {
        parallel_for(1, detail::Once<F>{f});
    }

    /// f(index) for all indices below n, in any order. No two indices write the same value.
    template <class F>
    static void for_each(Index n, F f) {
        parallel_for(n, f);
    }

    /// y = f(index).
    template <class F, class T>
    static void tabulate(T* y, Index n, F f) {
        parallel_for(n, detail::Tabulate<F, T>{f, y});
    }

    /// y = f(x). x and y are the same or do not overlap.
    template <class F, class T>
    static void map(T* y, const T* x, Index n, F f) {
        parallel_for(n, detail::Map<F, T>{f, x, y});
    }

    /// y = f(a, b). Each of a and b is y or does not overlap it.
    template <class F, class T>
    static void zip(T* y, const T* a, const T* b, Index n, F f) {
        parallel_for(n, detail::Zip<F, T>{f, a, b, y});
    }

    /// y[r][c] = x[r][c] for c < columns, with rows of y_columns and x_columns values.
    template <class T>
    static void copy_columns(T* y, Index y_columns, const T* x, Index x_columns, Index rows, Index columns) {
        parallel_for(rows * columns, detail::CopyColumns<T>{y, x, y_columns, x_columns, columns});
    }

    /// *result = sum of f(x), added up in double, in an order that depends on n alone.
    template <class F, class T>
    static void sum(double* result, const T* x, Index n, F f) {
        add_up(result, detail::ValueOf<F, T>{f, x}, n);
    }

    /// *result = sum of f(a, b), added up in the same way.
    template <class F, class T>
    static void sum(double* result, const T* a, const T* b, Index n, F f) {
        add_up(result, detail::ValueOfTwo<F, T>{f, a, b}, n);
    }

    /// *result = sum of x^2, added up in the same way.
    template <class T>
    static void sum_of_squares(double* result, const T* x, Index n) {
        add_up(result, detail::ValueOf<detail::Square, T>{{}, x}, n);
    }

    /// An optimizer's step: f(parameter, gradient, state...) for every parameter, in one sweep over memory.
    template <class F, class T, int States>
    static void update(ParameterBlock<T, States> block, const T* gradient, Index n, F f) {
        parallel_for(n, detail::Update<F, T, States>{{f, block}, gradient});
    }

  private:
    /// At most 256 threads add up at least 16 values each, then one thread their sums. If that would leave
    /// more than 256 values to a thread, a stage before these has up to 65,536 threads.
    template <class Value>
    static void add_up(double* result, Value value, Index n) {
        constexpr Index few = 256, many = 65536;
        static_assert(few + many <= Scratch::capacity_for<double>);
        const Index chunks = std::clamp(n / 16, Index{1}, few);
        if (chunks == 1) return parallel_for(1, detail::PartialSum<Value>{value, n, 1, result});
        Scratch scratch;
        double* const partial = scratch.template data<double>();
        if (n > few * few) {
            double* const first = partial + few;
            const Index threads = (std::min)(n / 16, many);
            parallel_for(threads, detail::PartialSum<Value>{value, n, threads, first});
            parallel_for(few, detail::PartialSum<detail::FromArray>{{first}, threads, few, partial});
        } else {
            parallel_for(chunks, detail::PartialSum<Value>{value, n, chunks, partial});
        }
        parallel_for(1, detail::PartialSum<detail::FromArray>{{partial}, chunks, 1, result});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
