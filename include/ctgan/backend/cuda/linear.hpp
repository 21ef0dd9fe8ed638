#pragma once

#include <ctgan/backend/cuda/product.hpp>
#include <ctgan/backend/cuda/update.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// The layout of a Linear layer's weight: blocks of outputs, each a matrix [input][output of the block].
template <int In, int Out>
struct BlockedWeight {
    CTGAN_HD static constexpr int first(int out) { return out / output_block * output_block; }
    CTGAN_HD static constexpr int width(int out) {
        return first(out) + output_block <= Out ? output_block : Out - first(out);
    }
    /// The index of an output's weight for input 0; the one for the next input is width(out) values further.
    CTGAN_HD static constexpr Index begin(int out) { return Index{first(out)} * In + out % output_block; }
};

/// y = f(x Wᵀ + b).
template <int In, int Out, class T, class F>
struct LinearForward {
    using Scalar = T;
    using Blocks = BlockedWeight<In, Out>;
    static constexpr int columns = Out, slices = 1, depth = In;
    static constexpr bool left_along_depth = true, right_along_depth = false;
    const T *x, *w, *b;
    T* y;
    F f;
    int rows;

    int max_rows() const { return rows; }
    int max_depth() const { return depth; }
    CTGAN_HD const LinearForward& slice(int) const { return *this; }

    using Row = const T*;
    CTGAN_HD Row row(int m) const { return x + Index{m} * In; }
    struct Column {
        const T* w;
        int width;
    };
    CTGAN_HD Column column(int n) const { return {w + Blocks::begin(n), Blocks::width(n)}; }
    CTGAN_HD int at(int k) const { return k; }
    CTGAN_HD T left(Row row, int k) const { return row[k]; }
    CTGAN_HD T right(int k, const Column& column) const { return column.w[Index{k} * column.width]; }
    CTGAN_HD void store(int m, int n, T sum) const { y[Index{m} * Out + n] = f(b ? sum + b[n] : sum); }
};

/// dx = dy W.
template <int In, int Out, class T>
struct LinearToInput {
    using Scalar = T;
    using Blocks = BlockedWeight<In, Out>;
    static constexpr int columns = In, slices = 1, depth = Out;
    static constexpr bool left_along_depth = true, right_along_depth = true;
    const T *dy, *w;
    T* dx;
    int rows;

    int max_rows() const { return rows; }
    int max_depth() const { return depth; }
    CTGAN_HD const LinearToInput& slice(int) const { return *this; }

    using Row = const T*;
    CTGAN_HD Row row(int m) const { return dy + Index{m} * Out; }
    using Column = int;
    CTGAN_HD Column column(int n) const { return n; }
    struct At {
        int k, width;
        const T* w;
    };
    CTGAN_HD At at(int k) const { return {k, Blocks::width(k), w + Blocks::begin(k)}; }
    CTGAN_HD T left(Row row, const At& at) const { return row[at.k]; }
    CTGAN_HD T right(const At& at, Column n) const { return at.w[Index{n} * at.width]; }
    CTGAN_HD void store(int m, int n, T sum) const { dx[Index{m} * In + n] = sum; }
};

/// Calls use(index in the weight, value) for each value of dyᵀ x.
template <int In, int Out, class T, class Use>
struct LinearToWeight {
    using Scalar = T;
    using Blocks = BlockedWeight<In, Out>;
    static constexpr int columns = Out, slices = 1, rows = In;
    static constexpr bool left_along_depth = false, right_along_depth = false;
    const T *x, *dy;
    Use use;
    int depth; ///< the batch

    int max_rows() const { return rows; }
    int max_depth() const { return depth; }
    CTGAN_HD const LinearToWeight& slice(int) const { return *this; }

    using Row = int;
    using Column = int;
    CTGAN_HD Row row(int m) const { return m; }
    CTGAN_HD Column column(int n) const { return n; }
    CTGAN_HD int at(int k) const { return k; }
    CTGAN_HD T left(Row m, int k) const { return x[Index{k} * In + m]; }
    CTGAN_HD T right(int k, Column n) const { return dy[Index{k} * Out + n]; }
    CTGAN_HD void store(int m, int n, T sum) const {
        use(Blocks::begin(n) + Index{m} * Blocks::width(n), sum);
    }
};

template <class T>
struct StoreOrAddAt {
    T* to;
    bool add;
    CTGAN_HD void operator()(Index i, T value) const { to[i] = add ? to[i] + value : value; }
};

} // namespace detail

/// Linear layers.
struct LinearOperations {
    /// y = f(x Wᵀ + b). `b` may be null. A sample's result does not depend on the others in the batch.
    template <int In, int Out, class T, class F = IdentityFunction>
    static void linear(T* y, const T* x, const T* w, const T* b, int batch, F f = {}) {
        detail::multiply(detail::LinearForward<In, Out, T, F>{x, w, b, y, f, batch}, batch,
                         Algorithms::batch_invariant);
    }

    /// dx = dy W.
    template <int In, int Out, class T>
    static void linear_input_gradient(T* dx, const T* dy, const T* w, int batch) {
        detail::multiply(detail::LinearToInput<In, Out, T>{dy, w, dx, batch}, batch,
                         Algorithms::batch_invariant);
    }

    /// dW (+)= dyᵀ x.
    template <int In, int Out, class T>
    static void linear_weight_gradient(T* dw, const T* x, const T* dy, int batch, bool add) {
        to_weight<In, Out>(x, dy, batch, detail::StoreOrAddAt<T>{dw, add});
    }

    /// An optimizer's step for W with its gradient dyᵀ x, which is never stored: f(parameter, gradient,
    /// state...).
    template <int In, int Out, class F, class T, int States>
    static void linear_update(ParameterBlock<T, States> block, const T* x, const T* dy, int batch, F f) {
        to_weight<In, Out>(x, dy, batch, detail::UpdateAt<F, T, States>{f, block});
    }

  private:
    template <int In, int Out, class T, class Use>
    static void to_weight(const T* x, const T* dy, int batch, Use use) {
        detail::multiply(detail::LinearToWeight<In, Out, T, Use>{x, dy, use, batch}, 1, Algorithms::fastest);
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
