#pragma once

#include <ctgan/core/config.hpp>

// Vector registers and their instructions, in the namespace ctgan::cpu::packets: GNU's vector types and the
// processor's intrinsics, or with -DCTGAN_EIGEN=1 Eigen's packets, whose functions have the same names and
// results. Eigen is for compilers without GNU's extensions and for processors whose vectors it knows and this
// header does not: here they are single values. It is not the default, because <Eigen/Core> takes a third of
// the time of including ctgan. In a file that nvcc compiles, Eigen is never used: for nvcc, it marks its
// functions for the device, and then uses no vector instructions on the host and causes hundreds of warnings.
#if CTGAN_EIGEN && !defined(__CUDACC__)

// As for C++20 in config.hpp, one line instead of hundreds of errors.
#    if !__has_include(<Eigen/Core>)
#        include <ctgan needs Eigen 3.4 or later: install libeigen3-dev or eigen and name its folder with -isystem>
#    endif
#    if defined(CTGAN_SCALAR) && !defined(EIGEN_DONT_VECTORIZE)
#        define EIGEN_DONT_VECTORIZE
#    endif
#    include <Eigen/Core>
#    if !EIGEN_VERSION_AT_LEAST(3, 4, 0)
#        include <ctgan needs Eigen 3.4 or later: an older one is found first on the include path>
#    endif

/// The bytes of a vector register on x86; 0 without vector instructions and on other processors.
#    if defined(EIGEN_VECTORIZE_AVX512)
#        define CTGAN_X86_PACKET_BYTES 64
#    elif defined(EIGEN_VECTORIZE_AVX)
#        define CTGAN_X86_PACKET_BYTES 32
#    elif defined(EIGEN_VECTORIZE_SSE)
#        define CTGAN_X86_PACKET_BYTES 16
#    else
#        define CTGAN_X86_PACKET_BYTES 0
#    endif

namespace ctgan::inline CTGAN_ABI::cpu {

namespace packets = Eigen::internal;

/// The number of vector registers of the target, for example 32 with AVX-512 and NEON.
inline constexpr int registers = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS;
#    define CTGAN_MANY_REGISTERS 1 // not known here

} // namespace ctgan::inline CTGAN_ABI::cpu

#else

#    include <cmath>
#    include <cstring>
#    include <type_traits>

#    if defined(CTGAN_SCALAR) || !CTGAN_GNU_EXTENSIONS
#        define CTGAN_X86_PACKET_BYTES 0
#    elif defined(__AVX512F__)
#        define CTGAN_X86_PACKET_BYTES 64
#    elif defined(__AVX__)
#        define CTGAN_X86_PACKET_BYTES 32
#    elif defined(__SSE2__)
#        define CTGAN_X86_PACKET_BYTES 16
#    else
#        define CTGAN_X86_PACKET_BYTES 0
#    endif
#    if CTGAN_X86_PACKET_BYTES > 0
#        define CTGAN_PACKET_BYTES CTGAN_X86_PACKET_BYTES
#    elif defined(__aarch64__) && !defined(CTGAN_SCALAR) && CTGAN_GNU_EXTENSIONS
#        include <arm_neon.h>
#        define CTGAN_PACKET_BYTES 16
#    else
#        define CTGAN_PACKET_BYTES 0
#    endif
#endif

#include <ctgan/backend/cpu/x86_instructions.hpp>

#if !CTGAN_EIGEN || defined(__CUDACC__)

namespace ctgan::inline CTGAN_ABI::cpu {

/// The number of vector registers of the target: 32 with AVX-512 and NEON, 8 for single values.
#    if CTGAN_X86_PACKET_BYTES == 64 || (CTGAN_PACKET_BYTES > 0 && defined(__aarch64__))
#        define CTGAN_MANY_REGISTERS 1
inline constexpr int registers = 32;
#    else
#        define CTGAN_MANY_REGISTERS 0
inline constexpr int registers = CTGAN_PACKET_BYTES > 0 ? 2 * int{sizeof(void*)} : 8;
#    endif

namespace packets {

/// The vector register of T, with the operators that GNU compilers give it.
template <class T>
struct packet_traits;
#    if CTGAN_PACKET_BYTES > 0
template <>
struct packet_traits<float> {
    // NOLINTNEXTLINE(modernize-use-using): g++ knows this only as a typedef
    typedef float type __attribute__((vector_size(CTGAN_PACKET_BYTES)));
    static constexpr int size = CTGAN_PACKET_BYTES / sizeof(float);
};
template <>
struct packet_traits<double> {
    // NOLINTNEXTLINE(modernize-use-using)
    typedef double type __attribute__((vector_size(CTGAN_PACKET_BYTES)));
    static constexpr int size = CTGAN_PACKET_BYTES / sizeof(double);
};
#    else
template <class T>
struct packet_traits {
    using type = T;
    static constexpr int size = 1;
};
#    endif

/// f of each lane of x and of the same lanes of the others.
template <class Register, class F, class... Others>
CTGAN_INLINE Register in_lanes(const F& f, Register x, Others... others) {
    if constexpr (std::is_arithmetic_v<Register>)
        return f(x, others...);
    else {
        constexpr int size = sizeof(Register) / sizeof(x[0]);
        for (int i = 0; i < size; ++i) x[i] = f(x[i], others[i]...);
        return x;
    }
}

/// `all` in every lane: subtracting 0 changes no value, -0 included.
template <class Register, class T>
CTGAN_INLINE Register pset1(T all) {
    return all - Register{};
}
template <class Register, class T>
CTGAN_INLINE Register ploadu(const T* from) {
    Register x;
    std::memcpy(&x, from, sizeof x);
    return x;
}
template <class T, class Register>
CTGAN_INLINE void pstoreu(T* to, Register x) {
    std::memcpy(to, &x, sizeof x);
}
template <class Register>
CTGAN_INLINE Register padd(Register a, Register b) {
    return a + b;
}
template <class Register>
CTGAN_INLINE Register psub(Register a, Register b) {
    return a - b;
}
template <class Register>
CTGAN_INLINE Register pmul(Register a, Register b) {
    return a * b;
}
template <class Register>
CTGAN_INLINE Register pdiv(Register a, Register b) {
    return a / b;
}
template <class Register>
CTGAN_INLINE Register psqrt(Register x) {
    return in_lanes([](auto lane) { return std::sqrt(lane); }, x);
}
/// The larger lanes; those of a where one is NaN.
template <class Register>
CTGAN_INLINE Register pmax(Register a, Register b) {
    return in_lanes([](auto x, auto y) { return x < y ? y : x; }, a, b);
}
/// a b + c, rounded once if the target has the instruction.
template <class Register>
CTGAN_INLINE Register pmadd(Register a, Register b, Register c) {
#    if CTGAN_FUSES
    return in_lanes([](auto x, auto y, auto z) { return std::fma(x, y, z); }, a, b, c);
#    else
    return a * b + c;
#    endif
}

// What the processors have an instruction for; simd.hpp has x86's square roots and maxima.
#    if CTGAN_X86_PACKET_BYTES == 64 || (CTGAN_X86_PACKET_BYTES > 0 && CTGAN_FUSES)
using X86Floats = packet_traits<float>::type;
using X86Doubles = packet_traits<double>::type;
inline X86Floats pmadd(X86Floats a, X86Floats b, X86Floats c) { return x86::multiply_add(a, b, c); }
inline X86Doubles pmadd(X86Doubles a, X86Doubles b, X86Doubles c) { return x86::multiply_add(a, b, c); }
#    elif CTGAN_PACKET_BYTES == 16 && CTGAN_X86_PACKET_BYTES == 0
using NeonFloats = packet_traits<float>::type;
using NeonDoubles = packet_traits<double>::type;
inline NeonFloats psqrt(NeonFloats x) { return vsqrtq_f32(x); }
inline NeonDoubles psqrt(NeonDoubles x) { return vsqrtq_f64(x); }
inline NeonFloats pmax(NeonFloats a, NeonFloats b) { return vbslq_f32(vcltq_f32(a, b), b, a); }
inline NeonDoubles pmax(NeonDoubles a, NeonDoubles b) { return vbslq_f64(vcltq_f64(a, b), b, a); }
inline NeonFloats pmadd(NeonFloats a, NeonFloats b, NeonFloats c) { return vfmaq_f32(c, a, b); }
inline NeonDoubles pmadd(NeonDoubles a, NeonDoubles b, NeonDoubles c) { return vfmaq_f64(c, a, b); }
#    endif

} // namespace packets
} // namespace ctgan::inline CTGAN_ABI::cpu

#endif
