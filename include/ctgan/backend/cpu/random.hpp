#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// Random values: value i is a function of (stream, i) alone.
struct RandomOperations {
    /// Uniform in [-bound, bound).
    template <class T>
    static void fill_uniform(T* y, Index n, T bound, random::Stream stream) {
        generate(y, n, stream,
                 [=](std::uint32_t bits) { return bound * static_cast<T>(2 * random::uniform(bits) - 1); });
    }

    /// Normal with mean 0.
    template <class T>
    static void fill_normal(T* y, Index n, T deviation, random::Stream stream) {
        generate(y, n, stream,
                 [=](std::uint32_t bits) { return deviation * static_cast<T>(random::normal(bits)); });
    }

    /// The factors of dropout: 1 / (1 - p) with probability 1 - p, else 0.
    template <class T>
    static void fill_mask(T* y, Index n, T p, random::Stream stream) {
        const T kept = T{1} / (T{1} - p);
        generate(y, n, stream, [=](std::uint32_t bits) {
            return random::uniform(bits) >= static_cast<double>(p) ? kept : T{0};
        });
    }

  private:
    template <class T, class Convert>
    static void generate(T* y, Index n, random::Stream given, Convert convert) {
        const random::Stream stream = given.now();
        constexpr Index values_per_chunk = 128; // a multiple of the four words of a Philox block
        parallel_for((n + values_per_chunk - 1) / values_per_chunk, [&](Index chunk) {
            const Index end = (std::min)(n, (chunk + 1) * values_per_chunk);
            for (Index i = chunk * values_per_chunk; i < end;) {
                const Index at = stream.first + i, skipped = at % 4; // of the block's words
                const random::Block block = stream.block(static_cast<std::uint32_t>(at / 4));
                for (Index k = skipped; k < 4 && i < end; ++k) y[i++] = convert(block.words[k]);
            }
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
