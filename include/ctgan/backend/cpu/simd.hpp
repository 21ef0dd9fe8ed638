#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/packets.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>

#include <cmath>
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
#if CTGAN_X86_PACKET_BYTES == 16
inline packets::Packet4f square_root(packets::Packet4f x) { return _mm_sqrt_ps(x); }
#endif
#if CTGAN_X86_PACKET_BYTES == 32
inline packets::Packet8f square_root(packets::Packet8f x) { return _mm256_sqrt_ps(x); }
#endif
#if CTGAN_X86_PACKET_BYTES == 64
// The masked forms: with the plain ones g++ 12 warns of an uninitialized variable inside its own header.
inline packets::Packet16f square_root(packets::Packet16f x) { return _mm512_maskz_sqrt_ps(0xFFFF, x); }
inline packets::Packet8d square_root(packets::Packet8d x) { return _mm512_maskz_sqrt_pd(0xFF, x); }
#endif

/// The larger lanes; those of a where one is NaN.
template <class Register>
inline Register larger(Register a, Register b) {
    return packets::pmax(a, b);
}
#if CTGAN_X86_PACKET_BYTES == 64 // masked, as above
inline packets::Packet16f larger(packets::Packet16f a, packets::Packet16f b) {
    return _mm512_maskz_max_ps(0xFFFF, b, a);
}
inline packets::Packet8d larger(packets::Packet8d a, packets::Packet8d b) {
    return _mm512_maskz_max_pd(0xFF, b, a);
}
#endif

/// Whether all lanes are finite, decided from their bits as in ctgan::is_finite. Compilers turn this into one
/// instruction for each lane; the specializations below are for float on x86.
template <class T, class Register>
inline bool all_finite(Register x) {
    using Bits = ctgan::detail::FloatBits<T>;
    typename Bits::type lanes[sizeof x / sizeof(T)], overflow{0};
    std::memcpy(lanes, &x, sizeof x);
    for (const auto lane : lanes) overflow |= ctgan::detail::overflow_of_exponent<T>(lane);
    return (overflow & Bits::sign) == 0;
}
#if CTGAN_X86_PACKET_BYTES == 16
template <>
inline bool all_finite<float>(packets::Packet4f x) {
    const __m128i bits = _mm_and_si128(_mm_castps_si128(x), _mm_set1_epi32(0x7FFFFFFF));
    return _mm_movemask_ps(_mm_castsi128_ps(_mm_add_epi32(bits, _mm_set1_epi32(0x00800000)))) == 0;
}
#endif
#if CTGAN_X86_PACKET_BYTES == 32 && defined(__AVX2__)
template <>
inline bool all_finite<float>(packets::Packet8f x) {
    const __m256i bits = _mm256_and_si256(_mm256_castps_si256(x), _mm256_set1_epi32(0x7FFFFFFF));
    return _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_add_epi32(bits, _mm256_set1_epi32(0x00800000)))) ==
           0;
}
#endif
#if CTGAN_X86_PACKET_BYTES == 64
template <>
inline bool all_finite<float>(packets::Packet16f x) {
    const __m512i bits = _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7FFFFFFF));
    return _mm512_cmpgt_epi32_mask(bits, _mm512_set1_epi32(0x7F7FFFFF)) == 0;
}
#endif

} // namespace detail

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
