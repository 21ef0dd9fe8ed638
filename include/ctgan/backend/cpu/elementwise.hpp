#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/update_packs.hpp>

#include <algorithm>

namespace ctgan::cpu {

/// Functions of each number, their sums, and an optimizer's step.
struct ElementwiseVerbs {
    /// What is recorded here is run again each time: there is nothing to save.
    struct Recording {
        /// True, as the action was called (and not played back).
        template <class Action>
        bool run(const Action& action) {
            action();
            return true;
        }
    };

    /// f(), once.
    template <class F>
    static void once(F f) {
        f();
    }

    /// y = f(index).
    template <class F, class T>
    static void tabulate(F f, T* y, Index n) {
        in_pieces(n, [=](Index begin, Index end) {
            for (Index i = begin; i < end; ++i) y[i] = f(i);
        });
    }

    /// y = f(x). x and y are the same or do not overlap.
    template <class F, class T>
    static void map(F f, const T* x, T* y, Index n) {
        in_pieces(n, [=](Index begin, Index end) {
            CTGAN_INDEPENDENT_ITERATIONS
            for (Index i = begin; i < end; ++i) y[i] = f(x[i]);
        });
    }

    /// y = f(a, b). Each of a and b is y or does not overlap it.
    template <class F, class T>
    static void zip(F f, const T* a, const T* b, T* y, Index n) {
        in_pieces(n, [=](Index begin, Index end) {
            CTGAN_INDEPENDENT_ITERATIONS
            for (Index i = begin; i < end; ++i) y[i] = f(a[i], b[i]);
        });
    }

    /// *result = sum of f(x), added up in double in the order of the indices.
    template <class F, class T>
    static void sum(F f, const T* x, Index n, double* result) {
        double total = 0;
        for (Index i = 0; i < n; ++i) total += f(x[i]);
        *result = total;
    }

    /// *result = sum of f(a, b).
    template <class F, class T>
    static void sum(F f, const T* a, const T* b, Index n, double* result) {
        double total = 0;
        for (Index i = 0; i < n; ++i) total += f(a[i], b[i]);
        *result = total;
    }

    /// An optimizer's step: f(parameter, gradient, state...) for every parameter, in one pass over memory.
    /// `f` is written once for numbers and is called here with packs of them.
    template <class F, class T, class... State>
    static void update(F f, Index n, T* parameter, const T* gradient, State*... state) {
        const auto update = present(f);
        const UpdatePacks<decltype(present(f)), T, State...> update_packs{update, parameter, {state...}};
        in_pieces(n, [=](Index begin, Index end) {
            Index i = begin;
            for (; i + Pack<T>::size <= end; i += Pack<T>::size) update_packs(i, Pack<T>::load(gradient + i));
            if (const int rest = static_cast<int>(end - i); rest > 0)
                update_packs(i, Pack<T>::load_first(gradient + i, rest), rest);
        });
    }

  private:
    /// Some 64 KB at most: large enough to pay for a thread, small enough to share the work out evenly.
    static constexpr Index piece = 16384;

    template <class Body>
    static void in_pieces(Index n, const Body& body) {
        for_each_piece((n + piece - 1) / piece,
                       [&](Index p) { body(p * piece, std::min(n, (p + 1) * piece)); });
    }
};

} // namespace ctgan::cpu
