#pragma once

#include <ctgan/core/config.hpp>

#include <cstdint>

#if defined(__SSE__) || defined(_M_X64)
#    include <xmmintrin.h>
#endif

namespace ctgan::inline CTGAN_ABI::cpu {

/// How a thread computes with floating-point numbers: rounding, and whether denormals are flushed to zero.
/// The workers take over the setting of the thread whose work they share, because results are the same bits
/// only if all threads compute in the same mode. On processors other than x86-64 and aarch64, it is not taken
/// over.
class FloatEnvironment {
  public:
    /// That of the calling thread.
    static FloatEnvironment current() {
        FloatEnvironment environment;
#if defined(__SSE__) || defined(_M_X64)
        environment.control_ = _mm_getcsr() & control_bits;
#elif defined(__aarch64__) && CTGAN_GNU_EXTENSIONS
        asm volatile("mrs %0, fpcr" : "=r"(environment.control_));
#endif
        return environment;
    }

    /// Makes it that of the calling thread.
    void apply() const {
        if (control_ == current().control_) return; // reading costs less than writing
#if defined(__SSE__) || defined(_M_X64)
        _mm_setcsr(static_cast<unsigned>(control_) | (_mm_getcsr() & ~control_bits));
#elif defined(__aarch64__) && CTGAN_GNU_EXTENSIONS
        asm volatile("msr fpcr, %0" : : "r"(control_));
#endif
    }

  private:
    /// All of MXCSR but the sticky flags of exceptions, the lowest six bits.
    static constexpr unsigned control_bits = 0xffc0;
    std::uint64_t control_ = 0;
};

} // namespace ctgan::inline CTGAN_ABI::cpu
