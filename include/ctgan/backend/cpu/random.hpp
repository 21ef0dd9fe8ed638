#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/random.hpp>

#include <algorithm>

namespace ctgan::cpu {

/// Random numbers: value i is a function of (stream, i) alone.
struct RandomVerbs {
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

    /// 1 / (1 - p) with probability 1 - p, else 0: dropout's factors.
    template <class T>
    static void fill_mask(T* y, Index n, T p, random::Stream stream) {
        const T kept = T{1} / (T{1} - p);
        generate(y, n, stream, [=](std::uint32_t bits) { return random::uniform(bits) >= p ? kept : T{0}; });
    }

  private:
    template <class T, class Convert>
    static void generate(T* y, Index n, random::Stream given, Convert convert) {
        const random::Stream stream = given.now();
        constexpr Index piece = 4096; // a multiple of Philox's four words
        for_each_piece((n + piece - 1) / piece, [&](Index p) {
            const Index end = std::min(n, (p + 1) * piece);
            for (Index i = p * piece; i < end; i += 4) {
                const random::Block block = stream.block(static_cast<std::uint32_t>(i / 4));
                for (Index k = 0; k < std::min<Index>(4, end - i); ++k) y[i + k] = convert(block.words[k]);
            }
        });
    }
};

} // namespace ctgan::cpu
