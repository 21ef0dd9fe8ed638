#include <ctgan/core/config.hpp>

// Only for packets.hpp, which says how wide a register is; included before it, this file declares nothing. So
// it cannot have #pragma once.
#if defined(CTGAN_X86_PACKET_BYTES) && !defined(CTGAN_X86_ALL_FINITE)

// Instructions of x86 for a whole register of floats or doubles, in the namespace ctgan::cpu::x86. g++ has
// them as built-in functions, by names that it does not promise: where it lacks one, and for other compilers,
// <immintrin.h> has them. It declares thousands of others, and would take a fifth of the time of including
// ctgan.
#    if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#        if CTGAN_X86_PACKET_BYTES == 64
#            if __has_builtin(__builtin_ia32_vfmaddps512_mask) &&                                            \
                __has_builtin(__builtin_ia32_vfmaddpd512_mask) &&                                            \
                __has_builtin(__builtin_ia32_sqrtps512_mask) &&                                              \
                __has_builtin(__builtin_ia32_sqrtpd512_mask) &&                                              \
                __has_builtin(__builtin_ia32_maxps512_mask) &&                                               \
                __has_builtin(__builtin_ia32_maxpd512_mask) && __has_builtin(__builtin_ia32_pcmpgtd512_mask)
#                define CTGAN_X86_BUILTINS 1
#            endif
#        elif CTGAN_X86_PACKET_BYTES == 32
#            if __has_builtin(__builtin_ia32_sqrtps256) && __has_builtin(__builtin_ia32_sqrtpd256) &&        \
                __has_builtin(__builtin_ia32_maxps256) && __has_builtin(__builtin_ia32_maxpd256) &&          \
                __has_builtin(__builtin_ia32_movmskps256) &&                                                 \
                (!CTGAN_FUSES ||                                                                             \
                 (__has_builtin(__builtin_ia32_vfmaddps256) && __has_builtin(__builtin_ia32_vfmaddpd256)))
#                define CTGAN_X86_BUILTINS 1
#            endif
#        elif CTGAN_X86_PACKET_BYTES == 16
#            if __has_builtin(__builtin_ia32_sqrtps) && __has_builtin(__builtin_ia32_sqrtpd) &&              \
                __has_builtin(__builtin_ia32_maxps) && __has_builtin(__builtin_ia32_maxpd) &&                \
                __has_builtin(__builtin_ia32_movmskps)
#                define CTGAN_X86_BUILTINS 1
#            endif
#        endif
#    endif
#    ifndef CTGAN_X86_BUILTINS
#        define CTGAN_X86_BUILTINS 0
#        if CTGAN_X86_PACKET_BYTES > 0
#            include <immintrin.h>
#        endif
#    endif

#    if CTGAN_X86_PACKET_BYTES > 0

/// Whether x86::all_finite() is there: AVX without AVX2 has no integers.
#        if CTGAN_X86_PACKET_BYTES == 32 && !defined(__AVX2__)
#            define CTGAN_X86_ALL_FINITE 0
#        else
#            define CTGAN_X86_ALL_FINITE 1
#        endif

// square_root(): correctly rounded. second_or_larger(a, b): the larger lanes; those of b where one is NaN.
// multiply_add(): a b + c, rounded once. all_finite(): whether all lanes are, decided from their bits as in
// ctgan::is_finite: without the sign, of what is not finite the sum with 0x00800000 overflows into the sign.
namespace ctgan::inline CTGAN_ABI::cpu::x86 {

#        if CTGAN_X86_BUILTINS

// NOLINTBEGIN(modernize-use-using): g++ knows this only as a typedef
typedef float Floats __attribute__((vector_size(CTGAN_X86_PACKET_BYTES)));
typedef double Doubles __attribute__((vector_size(CTGAN_X86_PACKET_BYTES)));
typedef unsigned Bits __attribute__((vector_size(CTGAN_X86_PACKET_BYTES)));
typedef int SignedBits __attribute__((vector_size(CTGAN_X86_PACKET_BYTES)));
// NOLINTEND(modernize-use-using)

inline Bits without_sign(Floats x) { return reinterpret_cast<Bits>(x) & 0x7FFFFFFFU; }

#            if CTGAN_X86_PACKET_BYTES == 64
inline constexpr int all = -1, rounding = 4; // a mask of lanes; _MM_FROUND_CUR_DIRECTION
inline Floats square_root(Floats x) { return __builtin_ia32_sqrtps512_mask(x, Floats{}, all, rounding); }
inline Doubles square_root(Doubles x) { return __builtin_ia32_sqrtpd512_mask(x, Doubles{}, all, rounding); }
inline Floats second_or_larger(Floats a, Floats b) {
    return __builtin_ia32_maxps512_mask(a, b, Floats{}, all, rounding);
}
inline Doubles second_or_larger(Doubles a, Doubles b) {
    return __builtin_ia32_maxpd512_mask(a, b, Doubles{}, all, rounding);
}
inline Floats multiply_add(Floats a, Floats b, Floats c) {
    return __builtin_ia32_vfmaddps512_mask(a, b, c, all, rounding);
}
inline Doubles multiply_add(Doubles a, Doubles b, Doubles c) {
    return __builtin_ia32_vfmaddpd512_mask(a, b, c, all, rounding);
}
inline bool all_finite(Floats x) {
    return __builtin_ia32_pcmpgtd512_mask(reinterpret_cast<SignedBits>(without_sign(x)),
                                          SignedBits{} + 0x7F7FFFFF, all) == 0;
}
#            elif CTGAN_X86_PACKET_BYTES == 32
inline Floats square_root(Floats x) { return __builtin_ia32_sqrtps256(x); }
inline Doubles square_root(Doubles x) { return __builtin_ia32_sqrtpd256(x); }
inline Floats second_or_larger(Floats a, Floats b) { return __builtin_ia32_maxps256(a, b); }
inline Doubles second_or_larger(Doubles a, Doubles b) { return __builtin_ia32_maxpd256(a, b); }
#                if CTGAN_FUSES
inline Floats multiply_add(Floats a, Floats b, Floats c) { return __builtin_ia32_vfmaddps256(a, b, c); }
inline Doubles multiply_add(Doubles a, Doubles b, Doubles c) { return __builtin_ia32_vfmaddpd256(a, b, c); }
#                endif
#                if CTGAN_X86_ALL_FINITE
inline bool all_finite(Floats x) {
    return __builtin_ia32_movmskps256(reinterpret_cast<Floats>(without_sign(x) + 0x00800000U)) == 0;
}
#                endif
#            else
inline Floats square_root(Floats x) { return __builtin_ia32_sqrtps(x); }
inline Doubles square_root(Doubles x) { return __builtin_ia32_sqrtpd(x); }
inline Floats second_or_larger(Floats a, Floats b) { return __builtin_ia32_maxps(a, b); }
inline Doubles second_or_larger(Doubles a, Doubles b) { return __builtin_ia32_maxpd(a, b); }
inline bool all_finite(Floats x) {
    return __builtin_ia32_movmskps(reinterpret_cast<Floats>(without_sign(x) + 0x00800000U)) == 0;
}
#            endif

#        elif CTGAN_X86_PACKET_BYTES == 64

// The masked forms, of all lanes: with the plain ones g++ 12 warns of an uninitialized variable inside its
// own header.
inline __m512 square_root(__m512 x) { return _mm512_maskz_sqrt_ps(0xFFFF, x); }
inline __m512d square_root(__m512d x) { return _mm512_maskz_sqrt_pd(0xFF, x); }
inline __m512 second_or_larger(__m512 a, __m512 b) { return _mm512_maskz_max_ps(0xFFFF, a, b); }
inline __m512d second_or_larger(__m512d a, __m512d b) { return _mm512_maskz_max_pd(0xFF, a, b); }
inline __m512 multiply_add(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
inline __m512d multiply_add(__m512d a, __m512d b, __m512d c) { return _mm512_fmadd_pd(a, b, c); }
inline bool all_finite(__m512 x) {
    const __m512i bits = _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7FFFFFFF));
    return _mm512_cmpgt_epi32_mask(bits, _mm512_set1_epi32(0x7F7FFFFF)) == 0;
}

#        elif CTGAN_X86_PACKET_BYTES == 32

inline __m256 square_root(__m256 x) { return _mm256_sqrt_ps(x); }
inline __m256d square_root(__m256d x) { return _mm256_sqrt_pd(x); }
inline __m256 second_or_larger(__m256 a, __m256 b) { return _mm256_max_ps(a, b); }
inline __m256d second_or_larger(__m256d a, __m256d b) { return _mm256_max_pd(a, b); }
#            if CTGAN_FUSES
inline __m256 multiply_add(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
inline __m256d multiply_add(__m256d a, __m256d b, __m256d c) { return _mm256_fmadd_pd(a, b, c); }
#            endif
#            if CTGAN_X86_ALL_FINITE
inline bool all_finite(__m256 x) {
    const __m256i bits = _mm256_and_si256(_mm256_castps_si256(x), _mm256_set1_epi32(0x7FFFFFFF));
    const __m256i sums = _mm256_add_epi32(bits, _mm256_set1_epi32(0x00800000));
    return _mm256_movemask_ps(_mm256_castsi256_ps(sums)) == 0;
}
#            endif

#        else

inline __m128 square_root(__m128 x) { return _mm_sqrt_ps(x); }
inline __m128d square_root(__m128d x) { return _mm_sqrt_pd(x); }
inline __m128 second_or_larger(__m128 a, __m128 b) { return _mm_max_ps(a, b); }
inline __m128d second_or_larger(__m128d a, __m128d b) { return _mm_max_pd(a, b); }
inline bool all_finite(__m128 x) {
    const __m128i bits = _mm_and_si128(_mm_castps_si128(x), _mm_set1_epi32(0x7FFFFFFF));
    const __m128i sums = _mm_add_epi32(bits, _mm_set1_epi32(0x00800000));
    return _mm_movemask_ps(_mm_castsi128_ps(sums)) == 0;
}

#        endif

} // namespace ctgan::inline CTGAN_ABI::cpu::x86

#    else
#        define CTGAN_X86_ALL_FINITE 0
#    endif
#endif
