#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/packets.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ctgan::inline CTGAN_ABI::cpu {

namespace detail {

/// The correctly rounded square root. For its packets of float, Eigen refines an estimate of the reciprocal
/// root by one Newton step instead; the last bits of the result are wrong and differ between processor
/// vendors.
template <class Register>
inline Register square_root(Register x) {
    return packets::psqrt(x);
}

/// The larger lanes; those of a where one is NaN.
template <class Register>
inline Register larger(Register a, Register b) {
    return packets::pmax(a, b);
}

#if CTGAN_X86_PACKET_BYTES > 0
using Floats = packets::packet_traits<float>::type;
using Doubles = packets::packet_traits<double>::type;
inline Floats square_root(Floats x) { return x86::square_root(x); }
inline Doubles square_root(Doubles x) { return x86::square_root(x); }
inline Floats larger(Floats a, Floats b) { return x86::second_or_larger(b, a); }
inline Doubles larger(Doubles a, Doubles b) { return x86::second_or_larger(b, a); }
#endif

/// Whether all lanes are finite, decided from their bits as in ctgan::is_finite. Compilers turn this into one
/// instruction for each lane; the specialization below is for float on x86.
template <class T, class Register>
inline bool all_finite(Register x) {
    using Bits = ctgan::detail::FloatBits<T>;
    typename Bits::type lanes[sizeof x / sizeof(T)], overflow{0};
    std::memcpy(lanes, &x, sizeof x);
    for (const auto lane : lanes) overflow |= ctgan::detail::overflow_of_exponent<T>(lane);
    return (overflow & Bits::sign) == 0;
}
#if CTGAN_X86_ALL_FINITE
template <>
inline bool all_finite<float>(Floats x) {
    return x86::all_finite(x);
}
#endif

} // namespace detail

/// The address so many bytes after `from`, which may be beyond the memory that `from` points into.
CTGAN_INLINE const void* ahead_of(const void* from, std::size_t bytes) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a pointer must not be moved beyond its memory
    return reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(from) + bytes);
}
/// Asks the processor to fetch the cache line at an address, which need not be valid. Always inlined: g++ 12
/// takes a function that only prefetches for one without an effect and removes its calls.
CTGAN_INLINE void prefetch([[maybe_unused]] const void* at) {
#if defined(__GNUC__)
    __builtin_prefetch(at);
#endif
}
/// The same for a line that will be written.
CTGAN_INLINE void prefetch_for_writing([[maybe_unused]] const void* at) {
#if defined(__GNUC__)
    __builtin_prefetch(at, 1);
#endif
}
inline constexpr std::size_t bytes_per_line = 64;
/// How many bytes ahead of its use a stream through memory is fetched. Processors fetch ahead by themselves,
/// but only within a page of 4 KB.
inline constexpr std::size_t prefetch_distance = 4096;

/// As many values as one vector register of the target holds (SSE, AVX, AVX-512, NEON, or a single value).
template <class T>
struct Pack {
    using Register = typename packets::packet_traits<T>::type;
    static constexpr int size = packets::packet_traits<T>::size;

    Register value;

    Pack() = default;
    /// All lanes equal `all`. Implicit, so that formulas read the same for values and for packs.
    Pack(T all) : value(packets::pset1<Register>(all)) {}

    /// Not a constructor: without vector instructions, the register of T is T itself.
    static Pack of(Register lanes) {
        Pack pack;
        pack.value = lanes;
        return pack;
    }
    static Pack load(const T* from) { return of(packets::ploadu<Register>(from)); }
    void store(T* to) const { packets::pstoreu(to, value); }

    /// At an edge: loads only the first `lanes` values, or a whole pack if there are enough. The remaining
    /// lanes are zero.
    CTGAN_INLINE static Pack load(const T* from, int lanes) {
        if (lanes >= size) return load(from);
        Array<T, size> padded = {};
        for (int i = 0; i < lanes; ++i) padded[i] = from[i];
        return load(padded);
    }
    /// At an edge: stores only the first `lanes` values, or the whole pack.
    CTGAN_INLINE void store(T* to, int lanes) const {
        if (lanes >= size) return store(to);
        Array<T, size> padded;
        store(padded);
        for (int i = 0; i < lanes; ++i) to[i] = padded[i];
    }
    /// to += this pack, or its first `lanes` values.
    CTGAN_INLINE void add_to(T* to, int lanes = size) const { (load(to, lanes) + *this).store(to, lanes); }
    /// to = this pack, or to += this pack if `add`; only the first `lanes` values.
    CTGAN_INLINE void store_or_add(T* to, bool add, int lanes = size) const {
        (add ? load(to, lanes) + *this : *this).store(to, lanes);
    }

    /// The sum of the lanes, halves first, in the same order for all kinds of registers.
    T sum() const {
        alignas(64) Array<T, size> part;
        store(part);
        CTGAN_UNROLL
        for (int half = size / 2; half > 0; half /= 2) {
            CTGAN_UNROLL
            for (int i = 0; i < half; ++i) part[i] += part[i + half];
        }
        return part[0];
    }

    friend Pack operator+(Pack a, Pack b) { return of(packets::padd(a.value, b.value)); }
    friend Pack operator-(Pack a, Pack b) { return of(packets::psub(a.value, b.value)); }
    friend Pack operator*(Pack a, Pack b) { return of(packets::pmul(a.value, b.value)); }
    friend Pack operator/(Pack a, Pack b) { return of(packets::pdiv(a.value, b.value)); }
    friend Pack sqrt(Pack a) { return of(detail::square_root(a.value)); }

    /// 0 in place of negative values.
    friend Pack positive_part(Pack a) { return of(detail::larger(a.value, Pack(T{0}).value)); }

    /// Whether all lanes are finite.
    friend bool is_finite(Pack a) { return detail::all_finite<T>(a.value); }
};

/// a * b + c, rounded once if the target has the instruction. For a single value, Eigen's packets leave that
/// to the compiler, which may decide differently in each function.
template <class T>
inline Pack<T> multiply_add(Pack<T> a, Pack<T> b, Pack<T> c) {
    if constexpr (CTGAN_FUSES && Pack<T>::size == 1) return Pack<T>::of(std::fma(a.value, b.value, c.value));
    return Pack<T>::of(packets::pmadd(a.value, b.value, c.value));
}

} // namespace ctgan::inline CTGAN_ABI::cpu
