#pragma once

#include <ctgan/backend/cuda.hpp>
#include <ctgan/backend/cuda/device.hpp>

#include <cstdio>
#include <exception>
#include <string>

/// Checks without a test framework, because a machine with a GPU may have only the CUDA toolkit.
namespace expect {

inline int& failures() {
    static int count = 0;
    return count;
}

/// Prints a line, and counts a failed check.
inline void that(bool holds, const std::string& what) {
    std::printf("%s %s\n", holds ? "ok    " : "FAILED", what.c_str());
    std::fflush(stdout);
    if (!holds) ++failures();
}

/// Formats a number for such a line.
inline std::string figure(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

/// Checks that value <= limit, which is false for NaN.
inline void within(double value, double limit, const std::string& what) {
    that(value <= limit, what + " " + figure(value) + " (limit " + figure(limit) + ")");
}

/// Runs a program's checks and returns its exit code: 77 (skipped) if there is no device.
template <class Body>
int run(const Body& body) {
    if (!ctgan::gpu::available()) {
        std::printf("skipped: no CUDA device answers (%s)\n", ctgan::gpu::device_name().c_str());
        return 77;
    }
    try {
        body();
    } catch (const std::exception& error) {
        that(false, std::string("an exception: ") + error.what());
    }
    return failures() == 0 ? 0 : 1;
}

} // namespace expect
