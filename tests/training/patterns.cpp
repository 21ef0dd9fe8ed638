// Patterns of neighbouring layers change how a network is computed, not what. Each switch alone and all of
// them, against a room without any.

#include <boost/test/unit_test.hpp>

#include "patterns_support.hpp"
#include <cmath>

using namespace training;

namespace {

using Functions = With<Patterns{true, false, false, false}>;
using Slopes = With<Patterns{false, true, false, false}>;
using Dropped = With<Patterns{false, false, true, false}>;
using Updates = With<Patterns{false, false, false, true}>;

} // namespace

// A function is applied to the same numbers, only earlier; so is a slope. A product that an optimizer uses
// where it is made is the product that would have been stored. A dropped channel's numbers are zeros, which a
// sum does not notice, and what is left is added in the same order.

BOOST_AUTO_TEST_CASE(each_pattern_alone_gives_the_same_bits) {
    const Record plain = train<SmallGanOn<Plain>>(3, 4, 4);
    for (const double loss : plain.losses) BOOST_TEST(std::isfinite(loss));
    BOOST_TEST(plain.losses[0] != plain.losses[2]);
    check_same_bits<SmallGanOn, Functions>(4, plain, "functions behind products");
    check_same_bits<SmallGanOn, Slopes>(4, plain, "slopes from behind");
    check_same_bits<SmallGanOn, Dropped>(4, plain, "dropped channels");
    check_same_bits<SmallGanOn, Updates>(4, plain, "updates from products");
}

BOOST_AUTO_TEST_CASE(all_patterns_together_give_the_same_bits) {
    // 11 and 7 are below the least batch for the CPU's tiles (patterns_with_tiles.cpp).
    for (const int batch : {2, 4, 11})
        check_same_bits<SmallGanOn, TestBackend>(batch, train<SmallGanOn<Plain>>(3, batch, batch), "all");
    for (const int batch : {4, 7})
        check_same_bits<WideGanOn, TestBackend>(batch, train<WideGanOn<Plain>>(3, batch, batch), "all");
}
