// Value<0.2> is std::ratio<1, 5>: the decimal fraction that was written, not the double closest to it.

#include <ctgan/core/value.hpp>
#include <ctgan/layers/dropout.hpp>
#include <ctgan/layers/smooth_activations.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <type_traits>

using namespace ctgan;

namespace {

constexpr bool is(double number, std::intmax_t num, std::intmax_t den) {
    const detail::Fraction found = detail::fraction_of(number);
    return found.num == num && found.den == den;
}

static_assert(is(0.2, 1, 5) && is(0.01, 1, 100) && is(1e-5, 1, 100000) && is(0.3, 3, 10) && is(-0.2, -1, 5));
static_assert(is(0, 0, 1) && is(-0.0, 0, 1) && is(1, 1, 1) && is(20, 20, 1) && is(1.5, 3, 2) &&
              is(0.7, 7, 10));
static_assert(is(123456.789, 123456789, 1000) && is(0.000123, 123, 1000000) &&
              is(1e-18, 1, 1000000000000000000));
static_assert(is(1.0 / 3, 3333333333333333, 10000000000000000));
// Of more digits: exactly the number, which is not 0.3.
static_assert(is(0.1 + 0.2, 1351079888211149, std::intmax_t{1} << 52));
static_assert(is(0x1p-62, 1, std::intmax_t{1} << 62) && is(1e18, 1000000000000000000, 1));
// None.
static_assert(is(1e-30, 1, 0) && is(1e19, 1, 0) && is(std::numeric_limits<double>::infinity(), 1, 0) &&
              is(std::numeric_limits<double>::quiet_NaN(), 1, 0));

#if CTGAN_NUMBERS_AS_ARGUMENTS
static_assert(Value<0.2>::num == 1 && Value<0.2>::den == 5);
static_assert(Accepts<LeakyReLU<Value<0.2>>, Flat<3>> && Accepts<ELU<Value<0.5>>, Flat<3>> &&
              Accepts<Dropout<Value<0.3>>, Flat<3>>);
static_assert(!std::is_same_v<LeakyReLU<Value<-0.2>>::ArgumentError, messages::NoProblem>);
static_assert(!std::is_same_v<Dropout<Value<1.0>>::ArgumentError, messages::NoProblem>);
#endif

/// How many of the numbers 0.001, 0.002 ... 0.999 have another fraction than n / 1000.
int other_fractions() {
    int count = 0;
    for (int n = 1; n < 1000; ++n) {
        const detail::Fraction found = detail::fraction_of(n / 1000.0);
        count += found.num * 1000 == n * found.den ? 0 : 1;
    }
    return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(decimal_fractions_are_found) { BOOST_TEST(other_fractions() == 0); }
