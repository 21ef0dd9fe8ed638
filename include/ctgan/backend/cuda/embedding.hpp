#pragma once

#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/core/config.hpp>

#include <cstdint>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// Value i of y is one of the row that its sample's label chooses.
template <int Width, class T>
struct RowOfLabel {
    T* y;
    const std::int32_t* labels;
    const T* w;
    CTGAN_HD void operator()(Index i) const {
        const DivMod<Width> at(i);
        y[i] = w[Index{labels[at.quotient]} * Width + at.remainder];
    }
};

/// One thread adds up a column of a row's gradient. Consecutive threads have adjacent columns.
template <int Width, class T>
struct SumOfLabel {
    T* dw;
    const std::int32_t* labels;
    const T* dy;
    int batch;
    bool add;
    CTGAN_HD void operator()(Index i) const {
        const DivMod<Width> at(i);
        double sum = 0;
        for (int s = 0; s < batch; ++s)
            if (labels[s] == at.quotient) sum += static_cast<double>(dy[Index{s} * Width + at.remainder]);
        dw[i] = add ? dw[i] + static_cast<T>(sum) : static_cast<T>(sum);
    }
};

} // namespace detail

/// A vector for each class, and labels that choose among them.
struct EmbeddingOperations {
    /// y[s][k] = w[labels[s]][k], k < Width.
    template <int Width, class T>
    static void embedding(T* y, const std::int32_t* labels, const T* w, int batch) {
        parallel_for(Index{batch} * Width, detail::RowOfLabel<Width, T>{y, labels, w});
    }

    /// dw[c][k] (+)= the sum of dy[s][k] over the samples s with label c, in their order, in double.
    template <int Count, int Width, class T>
    static void embedding_gradient(T* dw, const std::int32_t* labels, const T* dy, int batch, bool add) {
        parallel_for(Index{Count} * Width, detail::SumOfLabel<Width, T>{dw, labels, dy, batch, add});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
