#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fused_multiply_add.hpp>
#include <ctgan/core/shape.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

/// Counter-based random numbers: a value is a function of (seed, pass, purpose, index) alone. It is the same
/// on every backend, compiler and thread, and there is no state to lose when a run is interrupted and
/// resumed.
namespace ctgan::inline CTGAN_ABI::random {

/// Four 32-bit words: the input of Philox, a counter, and its output.
struct Block {
    std::uint32_t words[4]; ///< 32 bits each
};

/// Philox 4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC
/// 2011).
CTGAN_HD constexpr Block philox(Block counter, std::uint32_t key0, std::uint32_t key1) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter.words[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter.words[2];
        counter = {
            {static_cast<std::uint32_t>(b >> 32) ^ counter.words[1] ^ key0, static_cast<std::uint32_t>(b),
             static_cast<std::uint32_t>(a >> 32) ^ counter.words[3] ^ key1, static_cast<std::uint32_t>(a)}};
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
    return counter;
}

/// A step number in the backend's memory that is added to `Stream::pass`. A step that is recorded once and
/// played back many times reads its step number there; as an argument, it would be the same each time.
struct StepCounter {
    const std::uint64_t* steps = nullptr; ///< in the backend's memory; null: there is no counter
    std::uint64_t passes_per_step = 0;    ///< passes that one step takes

    /// Passes of all steps so far. Call it only where that memory can be read.
    CTGAN_HD constexpr std::uint64_t passes() const { return steps ? *steps * passes_per_step : 0; }
};

/// One sequence of random numbers. Streams that differ in any field are independent.
struct Stream {
    std::uint64_t seed = 0;    ///< chosen by the user
    std::uint64_t pass = 0;    ///< changes over time: the number of a pass, a training step or an epoch
    std::uint32_t purpose = 0; ///< which use within a pass; choose values below `initialization`
    StepCounter counter = {};  ///< added to `pass` by the operations of a backend; usually null
    Index first = 0; ///< of the sequence's values, the one that an operation of a backend begins with

    /// This stream with the counter's passes added. Call it only where the counter's memory can be read.
    CTGAN_HD constexpr Stream now() const { return {seed, pass + counter.passes(), purpose, {}, first}; }

    /// Values 4i to 4i + 3 of the sequence.
    CTGAN_HD constexpr Block block(std::uint32_t i) const {
        return philox(
            {{i, purpose, static_cast<std::uint32_t>(pass), static_cast<std::uint32_t>(pass >> 32)}},
            static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
    }
    /// Value i of the sequence: 32 random bits.
    CTGAN_HD constexpr std::uint32_t bits(Index i) const {
        return block(static_cast<std::uint32_t>(i / 4)).words[i % 4];
    }
};

/// The purposes that the library itself uses: `initialization + k` for tensor k of a network, `layers + k`
/// for layer k in a forward pass, `shuffling` for the order of a data set, `scoring + k` for the rows of set
/// k that a score compares, `mixing` for the images between real and generated ones.
enum Purpose : std::uint32_t {
    initialization = 0x80000000U,
    layers = 0x90000000U,
    shuffling = 0xA0000000U,
    scoring = 0xB0000000U,
    mixing = 0xC0000000U
};

/// Uniform in [0, 1): a multiple of 2^-24, so float and double hold the same value exactly.
CTGAN_HD constexpr double uniform(std::uint32_t bits) { return (bits >> 8) * 0x1p-24; }

/// An integer in [0, n). No value's probability differs from 1 / n by more than 2^-32.
CTGAN_HD constexpr std::uint32_t below(std::uint32_t bits, std::uint32_t n) {
    return static_cast<std::uint32_t>((std::uint64_t{bits} * n) >> 32);
}

namespace detail {

/// c[0] + c[1] x + ... + c[N-1] x^(N-1). Each product and sum is one explicit operation; otherwise the last
/// bit would depend on whether a compiler rounds in between.
template <std::size_t N>
CTGAN_HD inline double polynomial(const double (&c)[N], double x) {
    double sum = c[N - 1];
    for (int i = static_cast<int>(N) - 2; i >= 0; --i) sum = ctgan::detail::fused_multiply_add(sum, x, c[i]);
    return sum;
}

/// Natural logarithm of 2^-33 <= x <= 1, by the series of 2 artanh((m-1)/(m+1)). Not std::log, whose result
/// differs between C libraries.
CTGAN_HD inline double logarithm(double x) {
    int exponent = 0;
    while (x < 0.70710678118654752440) { // multiplying by two is exact
        x *= 2;
        --exponent;
    }
    const double s = (x - 1) / (x + 1);
    const double odd[] = {2.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9, 2.0 / 11,
                          2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
    return ctgan::detail::fused_multiply_add(double(exponent), 0.69314718055994530942,
                                             s * polynomial(odd, s * s));
}

} // namespace detail

/// A standard normal random number: the inverse of the normal distribution function at (bits + 1/2) / 2^32,
/// by Wichura's rational approximations (Algorithm AS 241, PPND16; relative error about 1e-16). |value|
/// < 6.4.
CTGAN_HD inline double normal(std::uint32_t bits) {
    const double p = (bits + 0.5) * 0x1p-32;
    const double q = p - 0.5;
    if (std::fabs(q) <= 0.425) {
        const double numerator[] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                    3.3430575583588128105e4, 2.5090809287301226727e3};
        const double denominator[] = {1.0,
                                      4.2313330701600911252e1,
                                      6.8718700749205790830e2,
                                      5.3941960214247511077e3,
                                      2.1213794301586595867e4,
                                      3.9307895800092710610e4,
                                      2.8729085735721942674e4,
                                      5.2264952788528545610e3};
        const double r = ctgan::detail::fused_multiply_add(-q, q, 0.180625);
        return q * detail::polynomial(numerator, r) / detail::polynomial(denominator, r);
    }
    // p is at least 2^-33 and so r at most 4.8: AS 241's third region, r > 5, never occurs.
    const double r = std::sqrt(-detail::logarithm(q < 0 ? p : 1 - p));
    const double numerator[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    const double denominator[] = {1.0,
                                  2.05319162663775882187e0,
                                  1.67638483018380384940e0,
                                  6.89767334985100004550e-1,
                                  1.48103976427480074590e-1,
                                  1.51986665636164571966e-2,
                                  5.47593808499534494600e-4,
                                  1.05075007164441684324e-9};
    const double value = detail::polynomial(numerator, r - 1.6) / detail::polynomial(denominator, r - 1.6);
    return q < 0 ? -value : value;
}

} // namespace ctgan::inline CTGAN_ABI::random
