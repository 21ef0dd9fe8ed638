#include <ctgan/layers/activations.hpp>

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ratio>
#include <type_traits>

// LeakyReLU's function is written without a branch; here it is compared with its definition, bit by bit.

using namespace ctgan;

namespace {

template <class Slope, class T>
void check() {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    using Limits = std::numeric_limits<T>;
    constexpr T slope = static_cast<T>(Slope::num) / static_cast<T>(Slope::den);
    const functions::LeakyRectify<Slope> f;
    for (const T magnitude : {T{0}, Limits::denorm_min(), 3 * Limits::denorm_min(), Limits::min(), T{1} / 3,
                              T{1}, T{3}, Limits::max(), Limits::infinity()})
        for (const T x : {magnitude, -magnitude}) {
            const T expected = x > 0 ? x : x * slope, derivative = x > 0 ? T{1} : slope;
            BOOST_TEST(std::bit_cast<Bits>(f(x)) == std::bit_cast<Bits>(expected), "f(" << x << ")");
            BOOST_TEST(std::bit_cast<Bits>(f.slope(x)) == std::bit_cast<Bits>(derivative), "f'(" << x << ")");
        }
    BOOST_TEST(std::isnan(f(Limits::quiet_NaN())));
}

} // namespace

BOOST_AUTO_TEST_CASE(leaky_relu_has_the_bits_of_its_definition) {
    check<std::ratio<1, 100>, float>();
    check<std::ratio<1, 5>, double>();
    check<std::ratio<999, 1000>, float>();
    // Where the larger of x and Slope * x would be wrong.
    check<std::ratio<0>, float>();
    check<std::ratio<-1, 2>, double>();
    check<std::ratio<3, 2>, float>();
    check<std::ratio<1>, double>();
}
