#pragma once

#include <ctgan/core/config.hpp>

#include <cmath>

// Losses that are a mean over all values of a batch. Each states one value's term and the term's derivative.
namespace ctgan {

/// Mean squared error: the mean of (p - t)^2. Equals torch.nn.MSELoss(); with targets 0 and 1 it is the loss
/// of LSGAN.
struct MSELoss {
    /// The term of one value: (p - t)^2.
    template <class T>
    CTGAN_HD static T term(T p, T t) {
        return (p - t) * (p - t);
    }
    /// Its derivative with respect to p: 2 (p - t).
    template <class T>
    CTGAN_HD static T slope(T p, T t) {
        return T{2} * (p - t);
    }
};

/// Binary cross entropy of sigmoid(p): the mean of max(p, 0) - p t + log(1 + exp(-|p|)), which does not
/// overflow for any p. Equals torch.nn.BCEWithLogitsLoss().
struct BCEWithLogitsLoss {
    /// The term of one value: max(p, 0) - p t + log(1 + exp(-|p|)).
    template <class T>
    CTGAN_HD static T term(T p, T t) {
        return (p > T{0} ? p : T{0}) - p * t + std::log1p(std::exp(-std::abs(p)));
    }
    /// Its derivative with respect to p: sigmoid(p) - t.
    template <class T>
    CTGAN_HD static T slope(T p, T t) {
        const T e = std::exp(-std::abs(p));
        return (p > T{0} ? T{1} / (T{1} + e) : e / (T{1} + e)) - t;
    }
};

} // namespace ctgan
