#pragma once

/// The only place where the library asks which compiler it meets.

#if defined(__CUDACC__)
/// Marks a function that a CUDA kernel may call too.
#    define CTGAN_HD __host__ __device__
/// Stands before such a function template where the CPU's room calls it with packets, which a kernel never
/// does.
#    define CTGAN_HD_OR_PACKETS _Pragma("nv_exec_check_disable")
#else
#    define CTGAN_HD
#    define CTGAN_HD_OR_PACKETS
#endif

/// 1 in what nvcc compiles for the device, 0 in the same text for the host.
#if defined(__CUDA_ARCH__)
#    define CTGAN_IN_KERNEL 1
#else
#    define CTGAN_IN_KERNEL 0
#endif

/// 1 where the CUDA room can be compiled: by nvcc, or by any compiler that is told to run Thrust's algorithms
/// on the host's threads (-DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP -fopenmp).
#if defined(__CUDACC__) || defined(THRUST_DEVICE_SYSTEM)
#    define CTGAN_HAS_CUDA 1
#else
#    define CTGAN_HAS_CUDA 0
#endif

/// Stands before a loop whose iterations touch no element of each other's, though its pointers may be equal.
/// g++ then vectorizes an in-place loop, which it must otherwise fear to be overlapping. (clang has such a
/// pragma, too, but warns in the user's program wherever it does not follow it.)
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#    define CTGAN_INDEPENDENT_ITERATIONS _Pragma("GCC ivdep")
#else
#    define CTGAN_INDEPENDENT_ITERATIONS
#endif

/// Stands before a short loop over registers that has to vanish: an array in it then lives in registers.
/// (In what nvcc hands on to g++ nothing does it: nvcc warns of g++'s pragma, and g++ of nvcc's.)
#if CTGAN_IN_KERNEL
#    define CTGAN_UNROLL _Pragma("unroll")
#elif defined(__CUDACC__)
#    define CTGAN_UNROLL
#elif defined(__clang__)
#    define CTGAN_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#    define CTGAN_UNROLL _Pragma("GCC unroll 32")
#else
#    define CTGAN_UNROLL
#endif

/// Marks a function that has to be part of its caller: it works on registers that the caller keeps.
#if defined(__GNUC__)
#    define CTGAN_INLINE [[gnu::always_inline]] inline
#else
#    define CTGAN_INLINE inline
#endif

/// 1 where the target multiplies and adds in one instruction.
#if defined(__FP_FAST_FMAF) || defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#    define CTGAN_FUSES 1
#else
#    define CTGAN_FUSES 0
#endif

/// 1 where __builtin_shufflevector is known: g++ from 12, clang; not to what nvcc hands on to g++.
#if defined(__has_builtin) && !defined(__CUDACC__)
#    if __has_builtin(__builtin_shufflevector)
#        define CTGAN_SHUFFLES 1
#    endif
#endif
#ifndef CTGAN_SHUFFLES
#    define CTGAN_SHUFFLES 0
#endif

/// 1 where `static_assert` can print a sentence that was computed (P2741, C++26).
#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L
#    define CTGAN_COMPUTED_MESSAGES 1
#else
#    define CTGAN_COMPUTED_MESSAGES 0
#endif

/// 1 where a failed `static_assert` shows no part of its condition, but the arguments of the class templates
/// around it: nvcc.
#if defined(__CUDACC__) && !defined(__clang__)
#    define CTGAN_PRINTS_TYPES_OF_CLASSES_ONLY 1
#else
#    define CTGAN_PRINTS_TYPES_OF_CLASSES_ONLY 0
#endif

/// 1 where exceptions can be thrown, 0 under -fno-exceptions.
#if defined(__cpp_exceptions)
#    define CTGAN_EXCEPTIONS 1
#else
#    define CTGAN_EXCEPTIONS 0
#endif

/// `CTGAN_TRY { } CTGAN_CATCH(Exception) { }`, of which only the first block is left under -fno-exceptions.
#if CTGAN_EXCEPTIONS
#    define CTGAN_TRY try
#    define CTGAN_CATCH(Exception) catch (const Exception&)
#else
#    define CTGAN_TRY if constexpr (true)
#    define CTGAN_CATCH(Exception) else
#endif
