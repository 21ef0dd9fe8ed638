#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/backend/cuda/recording.hpp>
#include <ctgan/backend/cuda/update.hpp>

#include <algorithm>

namespace ctgan::cuda {

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

/// Piece p of `pieces` adds up the values of indices p, p + pieces, ... below n, so that neighbouring threads
/// read neighbours.
template <class Value>
struct PartialSum {
    Value value;
    Index n, pieces;
    double* partial;
    CTGAN_HD void operator()(Index piece) const {
        double sum = 0;
        for (Index i = piece; i < n; i += pieces) sum += value(i);
        partial[piece] = sum;
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

struct ElementwiseVerbs {
    using Recording = cuda::Recording;

    template <class T>
    static void fill(T* y, Index n, T value) {
        for_each_piece(n, detail::Fill<T>{value, y});
    }

    /// f(), once, on the device.
    template <class F>
    static void once(F f) {
        for_each_piece(1, detail::Once<F>{f});
    }

    /// f(index), in any order: no two write the same number.
    template <class F>
    static void for_each(F f, Index n) {
        for_each_piece(n, f);
    }

    /// y = f(index).
    template <class F, class T>
    static void tabulate(F f, T* y, Index n) {
        for_each_piece(n, detail::Tabulate<F, T>{f, y});
    }

    /// y = f(x). x and y are the same or do not overlap.
    template <class F, class T>
    static void map(F f, const T* x, T* y, Index n) {
        for_each_piece(n, detail::Map<F, T>{f, x, y});
    }

    /// y = f(a, b). Each of a and b is y or does not overlap it.
    template <class F, class T>
    static void zip(F f, const T* a, const T* b, T* y, Index n) {
        for_each_piece(n, detail::Zip<F, T>{f, a, b, y});
    }

    /// *result = sum of f(x), added up in double, in an order that depends on n alone.
    template <class F, class T>
    static void sum(F f, const T* x, Index n, double* result) {
        add_up(detail::ValueOf<F, T>{f, x}, n, result);
    }

    /// *result = sum of f(a, b).
    template <class F, class T>
    static void sum(F f, const T* a, const T* b, Index n, double* result) {
        add_up(detail::ValueOfTwo<F, T>{f, a, b}, n, result);
    }

    /// An optimizer's step: f(parameter, gradient, state...) for every parameter, in one pass over memory.
    template <class F, class T, class... State>
    static void update(F f, Index n, T* parameter, const T* gradient, State*... state) {
        for_each_piece(n, detail::Update<F, T, static_cast<int>(sizeof...(State))>{{f, parameter, {state...}},
                                                                                   gradient});
    }

  private:
    /// A thread adds at least 16 numbers, and at most 256 threads' sums are added up by one.
    template <class Value>
    static void add_up(Value value, Index n, double* result) {
        const Index pieces = std::clamp(n / 16, Index{1}, Index{256});
        if (pieces == 1) return for_each_piece(1, detail::PartialSum<Value>{value, n, 1, result});
        Scratch scratch;
        double* const partial = scratch.template data<double>();
        for_each_piece(pieces, detail::PartialSum<Value>{value, n, pieces, partial});
        for_each_piece(1, detail::PartialSum<detail::FromArray>{{partial}, pieces, 1, result});
    }
};

} // namespace ctgan::cuda
