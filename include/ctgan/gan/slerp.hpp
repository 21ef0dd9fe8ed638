#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

/// A point of the way from noise vector `a` to noise vector `b` along a great circle:
///
///     sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b,    w = the angle between a and b
///
/// is `a` for t = 0 and `b` for t = 1. Between two vectors of normal random numbers it is about as long as
/// they are, as a generator knows its noise; the middle of a straight line is shorter by a factor of the
/// square root of 2. If the angle is 0 or 180 degrees, or a vector is 0, the way is a straight line. (White:
/// Sampling Generative Networks, arXiv:1609.04468, 2016.) Computed in double. Throws std::invalid_argument
/// unless both have as many values.
inline std::vector<float> slerp(std::span<const float> a, std::span<const float> b, double t) {
    if (a.size() != b.size())
        detail::fail_with<std::invalid_argument>(
            {"slerp: found vectors of ", a.size(), " and ", b.size(), " values, expected as many"});
    double aa = 0, bb = 0, ab = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        aa += double(a[i]) * double(a[i]);
        bb += double(b[i]) * double(b[i]);
        ab += double(a[i]) * double(b[i]);
    }
    const double lengths = std::sqrt(aa) * std::sqrt(bb);
    const double cosine = lengths > 0 ? (std::clamp)(ab / lengths, -1.0, 1.0) : 1;
    const double angle = std::acos(cosine), sine = std::sin(angle);
    const bool straight = sine < 1e-7;
    const double of_a = straight ? 1 - t : std::sin((1 - t) * angle) / sine;
    const double of_b = straight ? t : std::sin(t * angle) / sine;
    std::vector<float> between(a.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        between[i] = static_cast<float>(of_a * double(a[i]) + of_b * double(b[i]));
    return between;
}

} // namespace ctgan::inline CTGAN_ABI
