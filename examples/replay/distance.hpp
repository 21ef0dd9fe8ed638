#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace replay {

/// The L2 norm.
inline double norm(std::span<const double> values) {
    double squares = 0;
    for (const double x : values) squares += x * x;
    return std::sqrt(squares);
}

/// Relative L2 distance |a - b| / |b|, or |a| if b is zero. `a` has as many values as `b`.
template <class A>
double distance(std::span<const A> a, std::span<const double> b) {
    double difference = 0, norm = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        const double d = static_cast<double>(a[i]) - b[i];
        difference += d * d;
        norm += b[i] * b[i];
    }
    return norm > 0 ? std::sqrt(difference / norm) : std::sqrt(difference);
}

} // namespace replay
