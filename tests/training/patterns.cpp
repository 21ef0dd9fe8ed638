// Patterns of adjacent layers change how a network is computed, but not its results. Compares each switch
// alone and all together with a backend without patterns.

#include <boost/test/unit_test.hpp>

#include "patterns_support.hpp"
#include <cmath>

using namespace training;

namespace {

using Functions = With<Patterns{true, false, false, false}>;
using FusedSlopes = With<Patterns{false, true, false, false}>;
using Dropped = With<Patterns{false, false, true, false}>;
using Updates = With<Patterns{false, false, false, true}>;

} // namespace

// Functions and slopes are applied to the same values, only earlier. An optimizer that uses a product
// immediately uses the value that would have been stored. A dropped channel contains zeros, which do not
// change a sum, and the other terms are added in the same order.

BOOST_AUTO_TEST_CASE(each_pattern_alone_gives_the_same_bits) {
    const Record plain = train<SmallGanOn<Plain>>(3, 4, 4);
    for (const double loss : plain.losses) BOOST_TEST(std::isfinite(loss));
    BOOST_TEST(plain.losses[0] != plain.losses[2]);
    check_same_bits<SmallGanOn, Functions>(4, plain, "functions after products");
    check_same_bits<SmallGanOn, FusedSlopes>(4, plain, "slopes of the previous layer");
    check_same_bits<SmallGanOn, Dropped>(4, plain, "dropped channels");
    check_same_bits<SmallGanOn, Updates>(4, plain, "updates from products");
}

BOOST_AUTO_TEST_CASE(all_patterns_together_give_the_same_bits) {
    // 11 and 7 are below the minimum batch for the CPU's tiles (patterns_with_tiles.cpp).
    for (const int batch : {2, 4, 11})
        check_same_bits<SmallGanOn, TestBackend>(batch, train<SmallGanOn<Plain>>(3, batch, batch), "all");
    for (const int batch : {4, 7})
        check_same_bits<WideGanOn, TestBackend>(batch, train<WideGanOn<Plain>>(3, batch, batch), "all");
}

BOOST_AUTO_TEST_CASE(patterns_of_normalizations_give_the_same_bits) {
    check_same_bits<NormalizedGanOn, TestBackend>(4, train<NormalizedGanOn<Plain>>(3, 4, 4), "all");
}

BOOST_AUTO_TEST_CASE(patterns_of_convolutions_of_every_geometry_give_the_same_bits) {
    check_same_bits<GeometriesGanOn, TestBackend>(4, train<GeometriesGanOn<Plain>>(3, 4, 4), "all");
}

BOOST_AUTO_TEST_CASE(patterns_within_branches_give_the_same_bits) {
    for (const int batch : {4, 11})
        check_same_bits<BranchingGanOn, TestBackend>(batch, train<BranchingGanOn<Plain>>(3, batch, batch),
                                                     "all");
}

BOOST_AUTO_TEST_CASE(patterns_with_elu_and_softplus_give_the_same_bits) {
    check_same_bits<PoolingGanOn, TestBackend>(4, train<PoolingGanOn<Plain>>(3, 4, 4), "all");
}
