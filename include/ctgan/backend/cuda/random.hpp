#pragma once

#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>

#include <algorithm>
#include <cstdint>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// Converts the four words of one Philox block to four values.
template <class T, class Convert>
struct Generate {
    Convert convert;
    random::Stream stream;
    Index n;
    T* y;
    CTGAN_HD void operator()(Index block) const {
        const Index begin = 4 * block - stream.first % 4; // in y; only whole blocks are computed
        const random::Block bits = stream.now().block(static_cast<std::uint32_t>(stream.first / 4 + block));
        for (int k = 0; k < 4; ++k)
            if (begin + k >= 0 && begin + k < n) y[begin + k] = convert(bits.words[k]);
    }
};

template <class T>
struct ToUniform {
    T bound;
    CTGAN_HD T operator()(std::uint32_t bits) const {
        return bound * static_cast<T>(2 * random::uniform(bits) - 1);
    }
};

template <class T>
struct ToNormal {
    T deviation;
    CTGAN_HD T operator()(std::uint32_t bits) const {
        return deviation * static_cast<T>(random::normal(bits));
    }
};

template <class T>
struct ToMask {
    T p, kept;
    CTGAN_HD T operator()(std::uint32_t bits) const {
        return random::uniform(bits) >= static_cast<double>(p) ? kept : T{0};
    }
};

} // namespace detail

/// Random values: value i is a function of (stream, i) alone and the same as on the CPU.
struct RandomOperations {
    /// Uniform in [-bound, bound).
    template <class T>
    static void fill_uniform(T* y, Index n, T bound, random::Stream stream) {
        generate(y, n, stream, detail::ToUniform<T>{bound});
    }

    /// Normal with mean 0.
    template <class T>
    static void fill_normal(T* y, Index n, T deviation, random::Stream stream) {
        generate(y, n, stream, detail::ToNormal<T>{deviation});
    }

    /// The factors of dropout: 1 / (1 - p) with probability 1 - p, else 0.
    template <class T>
    static void fill_mask(T* y, Index n, T p, random::Stream stream) {
        generate(y, n, stream, detail::ToMask<T>{p, T{1} / (T{1} - p)});
    }

  private:
    template <class T, class Convert>
    static void generate(T* y, Index n, random::Stream stream, Convert convert) {
        parallel_for((n + stream.first % 4 + 3) / 4, detail::Generate<T, Convert>{convert, stream, n, y});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
