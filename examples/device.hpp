#pragma once

#include <CLI/CLI.hpp>

#include "cuda/device.hpp"
#include <stdexcept>
#include <string>

/// `--device`: where a program's work runs. A program that was built with CUDA has its work compiled twice:
/// for the CPU beside its main() and for CUDA in cuda/NAME.cu.
namespace program {

#if defined(CTGAN_WITH_CUDA)
inline constexpr bool built_with_cuda = true;
#else
inline constexpr bool built_with_cuda = false;
#endif

inline void add_device(CLI::App& app, std::string& device) {
    app.add_option("--device", device, "cpu or cuda (cuda where it was built in and a device answers)")
        ->check(CLI::IsMember({"cpu", "cuda"}));
}

/// Whether the work is to run on CUDA. Throws where that was asked for and cannot be.
inline bool chooses_cuda(const std::string& device) {
    if (device == "cpu") return false;
    std::string trouble = "this program was built without CUDA";
    if constexpr (built_with_cuda) trouble = why_no_cuda();
    if (device == "cuda" && !trouble.empty())
        throw std::runtime_error("--device: found cuda, expected cpu: " + trouble);
    return trouble.empty();
}

} // namespace program
