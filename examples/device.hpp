#pragma once

#include "cuda/device.hpp"
#include "program.hpp"
#include <stdexcept>
#include <string>

/// The flag --device, which selects the backend. A program that is built with CUDA contains its computations
/// twice: for the CPU and, in cuda/NAME.cu, for CUDA.
namespace program {

#if defined(CTGAN_WITH_CUDA)
inline constexpr bool built_with_cuda = true;
#else
inline constexpr bool built_with_cuda = false;
#endif

inline void add_device(Arguments& arguments, std::string& device) {
    arguments.option("--device", device, "cpu or cuda (cuda if it was built in and there is a device)")
        .one_of({"cpu", "cuda"});
}

/// Whether to run on CUDA. Throws std::runtime_error if CUDA was requested and is not available.
inline bool chooses_cuda(const std::string& device) {
    if (device == "cpu") return false;
    std::string trouble = "this program was built without CUDA";
    if constexpr (built_with_cuda) trouble = why_no_cuda();
    if (device == "cuda" && !trouble.empty())
        throw std::runtime_error("--device: found cuda, expected cpu: " + trouble);
    return trouble.empty();
}

} // namespace program
