#pragma once

#include <ctgan/backend/cuda.hpp>
#include <ctgan/backend/cuda/device.hpp>

#include <cstdio>
#include <exception>
#include <string>

/// Checks without a framework: a machine with a GPU may have nothing but the CUDA toolkit.
namespace expect {

inline int& failures() {
    static int count = 0;
    return count;
}

/// Prints a line, and notes it where the check failed.
inline void that(bool holds, const std::string& what) {
    std::printf("%s %s\n", holds ? "ok    " : "FAILED", what.c_str());
    std::fflush(stdout);
    if (!holds) ++failures();
}

/// A number for such a line.
inline std::string figure(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

/// NaN is not within any limit.
inline void within(double value, double limit, const std::string& what) {
    that(value <= limit, what + " " + figure(value) + " (limit " + figure(limit) + ")");
}

/// Runs a program's checks; returns its exit code: 77, as skipped, where there is nothing to run on.
template <class Body>
int run(const Body& body) {
    if (!ctgan::cuda::available()) {
        std::printf("skipped: no CUDA device answers (%s)\n", ctgan::cuda::device_name().c_str());
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
