#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <cstdint>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A vector for each class, and labels that choose among them.
struct EmbeddingOperations {
    /// y[s][k] = w[labels[s]][k], k < Width.
    template <int Width, class T>
    static void embedding(T* y, const std::int32_t* labels, const T* w, int batch) {
        constexpr Index samples = (std::max)(1, 2048 / Width); // of a chunk
        parallel_for((batch + samples - 1) / samples, [=](Index chunk) {
            const Index end = (std::min)(Index{batch}, (chunk + 1) * samples);
            for (Index s = chunk * samples; s < end; ++s)
                std::copy_n(w + Index{labels[s]} * Width, Width, y + s * Width);
        });
    }

    /// dw[c][k] (+)= the sum of dy[s][k] over the samples s with label c, in their order, in double. A chunk
    /// is some columns of a row, and reads all labels: they are few next to the values of dy.
    template <int Count, int Width, class T>
    static void embedding_gradient(T* dw, const std::int32_t* labels, const T* dy, int batch, bool add) {
        constexpr Parts parts{Width, 64};
        parallel_for(Index{Count} * parts.count(), [=](Index chunk) {
            const Index label = chunk / parts.count();
            const int part = static_cast<int>(chunk % parts.count());
            const int first = parts.begin(part), width = parts.size(part);
            Array<double, parts.largest()> sum = {};
            for (Index s = 0; s < batch; ++s) {
                if (labels[s] != label) continue;
                const T* const from = dy + s * Width + first;
                for (int k = 0; k < width; ++k) sum[k] += static_cast<double>(from[k]);
            }
            T* const to = dw + label * Width + first;
            for (int k = 0; k < width; ++k)
                to[k] = add ? to[k] + static_cast<T>(sum[k]) : static_cast<T>(sum[k]);
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
