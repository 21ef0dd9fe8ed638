#pragma once

#include <ctgan/version.hpp>

/// The only place where the library checks which compiler compiles it.

// A file that does not exist stops the compiler: after #error it would go on and report hundreds of errors.
// (MSVC keeps __cplusplus at C++98's value and gives the standard in _MSVC_LANG.)
#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#    include <ctgan needs C++20: compile with -std=c++20>
#endif

#include <version> // defines the standard library's macros, without anything else

/// 1 if the compiler has GNU's extensions: attributes such as always_inline, pragmas for loops, vector types
/// and __builtin_ functions. g++, clang and nvcc have them; MSVC does not. With -DCTGAN_GNU_EXTENSIONS=0,
/// g++ and clang compile what MSVC gets, so that it is tested (tests/portable, target "no-extensions").
#ifndef CTGAN_GNU_EXTENSIONS
#    if defined(__GNUC__)
#        define CTGAN_GNU_EXTENSIONS 1
#    else
#        define CTGAN_GNU_EXTENSIONS 0
#    endif
#endif

/// 1 if the vector registers are those of Eigen's packets, 0 if ctgan's own (backend/cpu/packets.hpp), which
/// need GNU's extensions.
#ifndef CTGAN_EIGEN
#    if CTGAN_GNU_EXTENSIONS
#        define CTGAN_EIGEN 0
#    else
#        define CTGAN_EIGEN 1
#    endif
#endif

/// If a program defines CTGAN_SCALAR, a register holds one value: no vector instructions are used. Eigen's
/// own macro for that, EIGEN_DONT_VECTORIZE, has the same effect.
#if defined(EIGEN_DONT_VECTORIZE) && !defined(CTGAN_SCALAR)
#    define CTGAN_SCALAR
#endif

/// 1 if files are opened by the functions of Windows, 0 if by those of POSIX.
#if defined(_WIN32)
#    define CTGAN_WINDOWS 1
#else
#    define CTGAN_WINDOWS 0
#endif

/// 1 if the standard library has the functions of std::filesystem. For WebAssembly, libc++ only has its
/// paths.
#ifndef CTGAN_FILESYSTEM
#    if defined(_LIBCPP_HAS_NO_FILESYSTEM) || defined(_LIBCPP_HAS_NO_FILESYSTEM_LIBRARY)
#        define CTGAN_FILESYSTEM 0
#    elif defined(_LIBCPP_HAS_FILESYSTEM)
#        define CTGAN_FILESYSTEM _LIBCPP_HAS_FILESYSTEM
#    else
#        define CTGAN_FILESYSTEM 1
#    endif
#endif

/// 1 if there are threads. WebAssembly has none unless the program is compiled for a target with threads.
/// With 0, which any program may define, all work runs on the calling thread.
#ifndef CTGAN_THREADS
#    if (defined(__wasi__) && !defined(_REENTRANT)) || defined(_LIBCPP_HAS_NO_THREADS)
#        define CTGAN_THREADS 0
#    elif defined(_LIBCPP_HAS_THREADS)
#        define CTGAN_THREADS _LIBCPP_HAS_THREADS
#    else
#        define CTGAN_THREADS 1
#    endif
#endif

/// 1 if the work runs on OpenMP's threads, 0 if it runs on threads of the library's own. The default is 1 if
/// the compiler has OpenMP switched on (-fopenmp).
#ifndef CTGAN_OPENMP
#    if defined(_OPENMP) && CTGAN_THREADS
#        define CTGAN_OPENMP 1
#    else
#        define CTGAN_OPENMP 0
#    endif
#endif
#if CTGAN_OPENMP && !defined(_OPENMP)
#    error "ctgan: found CTGAN_OPENMP without OpenMP, expected a compiler's flag for it, such as -fopenmp"
#endif

#if defined(__CUDACC__)
/// Marks a function that a CUDA kernel may call, too: `__host__ __device__` for nvcc, nothing for other
/// compilers.
#    define CTGAN_HD __host__ __device__
/// Precedes a CTGAN_HD function template that the CPU backend also calls with packs of values, which a kernel
/// never does.
#    define CTGAN_HD_OR_PACKETS _Pragma("nv_exec_check_disable")
#else
#    define CTGAN_HD
#    define CTGAN_HD_OR_PACKETS
#endif

/// 1 when nvcc compiles for the device, 0 when it compiles the same file for the host.
#if defined(__CUDA_ARCH__)
#    define CTGAN_IN_KERNEL 1
#else
#    define CTGAN_IN_KERNEL 0
#endif

/// 1 if the CUDA backend can be compiled: by nvcc, or by any compiler if Thrust's algorithms run on the
/// host's threads (-DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP -fopenmp).
#if defined(__CUDACC__) || defined(THRUST_DEVICE_SYSTEM)
#    define CTGAN_HAS_CUDA 1
#else
#    define CTGAN_HAS_CUDA 0
#endif

/// Precedes a loop whose iterations never touch each other's elements, although its pointers may be equal.
/// Without it g++ must assume overlap and does not vectorize in-place loops. (clang has a similar pragma, but
/// warns in the user's program about each loop that it does not vectorize.)
#if CTGAN_GNU_EXTENSIONS && !defined(__clang__) && !defined(__CUDACC__)
#    define CTGAN_INDEPENDENT_ITERATIONS _Pragma("GCC ivdep")
#else
#    define CTGAN_INDEPENDENT_ITERATIONS
#endif

/// Precedes a short loop over registers that must be unrolled completely, so that arrays indexed in it can
/// stay in registers. (Empty in the host half of an nvcc file: nvcc warns about g++'s pragma, g++ about
/// nvcc's.)
#if CTGAN_IN_KERNEL
#    define CTGAN_UNROLL _Pragma("unroll")
#elif defined(__CUDACC__) || !CTGAN_GNU_EXTENSIONS
#    define CTGAN_UNROLL
#elif defined(__clang__)
#    define CTGAN_UNROLL _Pragma("clang loop unroll(full)")
#else
#    define CTGAN_UNROLL _Pragma("GCC unroll 32")
#endif

/// CTGAN_INLINE marks a function that must be inlined: it works on registers that its caller keeps.
/// CTGAN_NOINLINE marks one that must not be, so that there is one copy of it.
#if CTGAN_GNU_EXTENSIONS
#    define CTGAN_INLINE [[gnu::always_inline]] inline
#    define CTGAN_NOINLINE [[gnu::noinline]]
#elif defined(_MSC_VER)
#    define CTGAN_INLINE __forceinline
#    define CTGAN_NOINLINE __declspec(noinline)
#else
#    define CTGAN_INLINE inline
#    define CTGAN_NOINLINE
#endif

/// Marks a function that only a failure calls: it is compiled for size, apart, and its callers for the case
/// that they do not call it. Never one that a program calls when all is well: g++ would hold everything that
/// leads to the call for rare, up to main().
#if CTGAN_GNU_EXTENSIONS
#    define CTGAN_COLD [[gnu::cold, gnu::noinline]]
#else
#    define CTGAN_COLD CTGAN_NOINLINE
#endif

/// Marks a function that many callers share: it is neither inlined nor copied for some of them with their
/// constants.
#if CTGAN_GNU_EXTENSIONS && !defined(__clang__)
#    define CTGAN_SHARED [[gnu::noinline, gnu::noclone]]
#else
#    define CTGAN_SHARED CTGAN_NOINLINE
#endif

/// The name of the current function with its template arguments.
#if defined(_MSC_VER) && !defined(__clang__)
#    define CTGAN_FUNCTION_NAME __FUNCSIG__
#else
#    define CTGAN_FUNCTION_NAME __PRETTY_FUNCTION__
#endif

/// 1 if the target has a fused multiply-add instruction. (MSVC has no macro for it; with /arch:AVX2 it uses
/// the instruction.)
#if defined(__FP_FAST_FMAF) || defined(__FMA__) || defined(__ARM_FEATURE_FMA) ||                             \
    (defined(_MSC_VER) && defined(__AVX2__))
#    define CTGAN_FUSES 1
#else
#    define CTGAN_FUSES 0
#endif

/// 1 if __builtin_shufflevector is available: g++ 12 and later, clang; not in the host half of an nvcc file.
#if CTGAN_GNU_EXTENSIONS && defined(__has_builtin) && !defined(__CUDACC__)
#    if __has_builtin(__builtin_shufflevector)
#        define CTGAN_SHUFFLES 1
#    endif
#endif
#ifndef CTGAN_SHUFFLES
#    define CTGAN_SHUFFLES 0
#endif

/// 1 if `static_assert` accepts a computed message (P2741, C++26). clang also does in C++20, but warns of it
/// in the user's program.
#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L && __cplusplus > 202302L
#    define CTGAN_COMPUTED_MESSAGES 1
#else
#    define CTGAN_COMPUTED_MESSAGES 0
#endif

/// 1 if a template argument may be a number like 0.2 (P1907, C++20). clang has it from version 18 on, but not
/// all of that paper, and so not its macro.
#if (defined(__cpp_nontype_template_args) && __cpp_nontype_template_args >= 201911L) ||                      \
    (defined(__clang_major__) && __clang_major__ >= 18 && !defined(__apple_build_version__))
#    define CTGAN_NUMBERS_AS_ARGUMENTS 1
#else
#    define CTGAN_NUMBERS_AS_ARGUMENTS 0
#endif

/// 1 if the compiler does not show the condition of a failed `static_assert`, only the arguments of the class
/// templates around it: nvcc.
#if defined(__CUDACC__) && !defined(__clang__)
#    define CTGAN_PRINTS_TYPES_OF_CLASSES_ONLY 1
#else
#    define CTGAN_PRINTS_TYPES_OF_CLASSES_ONLY 0
#endif

/// 1 if mistakes that only a run can show are looked for: a sample that a batch does not have, a view that a
/// later pass has overwritten, an input that has changed before its backward pass. As for assert(), the
/// default is 0 if NDEBUG is defined. CMake defines it in release builds.
#ifndef CTGAN_CHECKS
#    ifdef NDEBUG
#        define CTGAN_CHECKS 0
#    else
#        define CTGAN_CHECKS 1
#    endif
#endif

/// 1 if exceptions can be thrown, 0 under -fno-exceptions.
#if defined(__cpp_exceptions)
#    define CTGAN_EXCEPTIONS 1
#else
#    define CTGAN_EXCEPTIONS 0
#endif

/// `CTGAN_TRY { } CTGAN_CATCH(Exception) { }`; under -fno-exceptions only the first block remains.
#if CTGAN_EXCEPTIONS
#    define CTGAN_TRY try
#    define CTGAN_CATCH(Exception) catch (const Exception&)
#else
#    define CTGAN_TRY if constexpr (true)
#    define CTGAN_CATCH(Exception) else
#endif

/// CTGAN_ABI names the inline namespace that holds the library: its version, the vector instructions it is
/// compiled for, and each setting that changes a function's code or a class's members, such as
/// `v0_1_avx512_omp`. (Files that nvcc compiles share it: their vectors are the same, and such files may pass
/// networks to others.) Two files of one program that are compiled with other settings therefore use two
/// libraries side by side, each with its own instructions; if one passes an object of the library to the
/// other, the linker reports that function as undefined, with the name that it expects. Users write
/// `ctgan::`.
#if defined(CTGAN_SCALAR)
#    define CTGAN_ABI_VECTORS _generic
#elif defined(__AVX512F__)
#    define CTGAN_ABI_VECTORS _avx512
#elif defined(__AVX2__) && CTGAN_FUSES
#    define CTGAN_ABI_VECTORS _avx2
#elif defined(__AVX2__)
#    define CTGAN_ABI_VECTORS _avx2_nofma
#elif defined(__AVX__) && CTGAN_FUSES
#    define CTGAN_ABI_VECTORS _avx_fma
#elif defined(__AVX__)
#    define CTGAN_ABI_VECTORS _avx
#elif defined(__SSE4_2__)
#    define CTGAN_ABI_VECTORS _sse4
#elif defined(__SSE2__) || defined(_M_X64)
#    define CTGAN_ABI_VECTORS _sse2
#elif defined(__ARM_NEON)
#    define CTGAN_ABI_VECTORS _neon
#else
#    define CTGAN_ABI_VECTORS _generic
#endif
#if CTGAN_OPENMP
#    define CTGAN_ABI_THREADS _omp
#elif !CTGAN_THREADS
#    define CTGAN_ABI_THREADS _nothreads
#else
#    define CTGAN_ABI_THREADS
#endif
#if CTGAN_GNU_EXTENSIONS
#    define CTGAN_ABI_EXTENSIONS
#else
#    define CTGAN_ABI_EXTENSIONS _noext
#endif
#if CTGAN_EIGEN
#    define CTGAN_ABI_PACKETS _eigen
#else
#    define CTGAN_ABI_PACKETS
#endif
#if CTGAN_EXCEPTIONS
#    define CTGAN_ABI_EXCEPTIONS
#else
#    define CTGAN_ABI_EXCEPTIONS _noexcept
#endif
#if CTGAN_CHECKS
#    define CTGAN_ABI_CHECKS _checks
#else
#    define CTGAN_ABI_CHECKS
#endif
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#    define CTGAN_ABI_MATH _fast
#else
#    define CTGAN_ABI_MATH
#endif
#define CTGAN_ABI_PASTE(major, minor, vectors, packets, threads, extensions, exceptions, checks, math)       \
    v##major##_##minor##vectors##packets##threads##extensions##exceptions##checks##math
#define CTGAN_ABI_NAME(...) CTGAN_ABI_PASTE(__VA_ARGS__)
#define CTGAN_ABI                                                                                            \
    CTGAN_ABI_NAME(CTGAN_VERSION_MAJOR, CTGAN_VERSION_MINOR, CTGAN_ABI_VECTORS, CTGAN_ABI_PACKETS,           \
                   CTGAN_ABI_THREADS, CTGAN_ABI_EXTENSIONS, CTGAN_ABI_EXCEPTIONS, CTGAN_ABI_CHECKS,          \
                   CTGAN_ABI_MATH)
