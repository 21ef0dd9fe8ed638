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

template <class Room>
using Small = Gan<dcgan::GeneratorOf<16, 12, 8, 6>, dcgan::DiscriminatorOf<6, 10>, Room>;
/// Channels that fill registers, so that at batch 16 there are tiles; and a first layer of 20 * 49 outputs,
/// whose last block is not a whole number of registers.
template <class Room>
using Wide = Gan<dcgan::GeneratorOf<9, 20, 17, 16>, dcgan::DiscriminatorOf<16, 20>, Room>;

/// Any geometry's: the least batch is the same for all.
constexpr int least_batch_for_tiles =
    cpu::ConvolutionChoice<ConvolutionGeometry<20, 5, 5, 20, 5, 5, 3, 1, 1>, float>::least_batch_for_tiles;

template <template <class> class TheGan, class Room>
void check_same_bits(int batch, const Record& plain, const char* what) {
    const Record found = train<TheGan<Room>>(3, batch, batch);
    BOOST_TEST((found.losses == plain.losses), what << " at batch " << batch << ": other losses");
    BOOST_TEST((found.tensors == plain.tensors), what << " at batch " << batch << ": other weights");
}

double relative_difference(const std::vector<float>& a, const std::vector<float>& b) {
    double square = 0, of_differences = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        square += double(b[i]) * b[i];
        of_differences += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
    }
    return std::sqrt(of_differences / square);
}

} // namespace

// A function is applied to the same numbers, only earlier; so is a slope. A product that an optimizer uses
// where it is made is the product that would have been stored. A dropped channel's numbers are zeros, which a
// sum does not notice, and what is left is added in the same order.

BOOST_AUTO_TEST_CASE(each_pattern_alone_gives_the_same_bits) {
    const Record plain = train<Small<Plain>>(3, 4, 4);
    for (const double loss : plain.losses) BOOST_TEST(std::isfinite(loss));
    BOOST_TEST(plain.losses[0] != plain.losses[2]);
    check_same_bits<Small, Functions>(4, plain, "functions behind products");
    check_same_bits<Small, Slopes>(4, plain, "slopes from behind");
    check_same_bits<Small, Dropped>(4, plain, "dropped channels");
    check_same_bits<Small, Updates>(4, plain, "updates from products");
}

BOOST_AUTO_TEST_CASE(all_patterns_together_give_the_same_bits) {
    static_assert(least_batch_for_tiles == 12, "then 11 and 7 below have no tiles");
    for (const int batch : {2, 4, 11})
        check_same_bits<Small, Cpu>(batch, train<Small<Plain>>(3, batch, batch), "all");
    for (const int batch : {4, 7})
        check_same_bits<Wide, Cpu>(batch, train<Wide<Plain>>(3, batch, batch), "all");
}

BOOST_AUTO_TEST_CASE(patterns_that_leave_the_algorithm_as_it_is_give_the_same_bits_with_tiles) {
    using AllButDropped = With<Patterns{true, true, false, true}>;
    check_same_bits<Wide, AllButDropped>(16, train<Wide<Plain>>(3, 16, 16), "all but dropped channels");
}

BOOST_AUTO_TEST_CASE(weight_gradients_without_dropped_channels_differ_from_tiles_by_rounding_alone) {
    // Told of dropped channels, a weight gradient is computed directly and not by tiles, which adds in
    // another order and costs a digit: some 1e-6 of a gradient's norm. Adam's first step is its rate, 1e-3,
    // by the gradient's sign, so hardly any weight notices; but where a gradient is zero within its own
    // rounding the step may go the other way, which is 2e-3 in a norm of some 40: two such weights would be
    // 7e-5.
    const Record plain = train<Wide<Plain>>(1, 16, 16), found = train<Wide<Dropped>>(1, 16, 16);
    // The discriminator's loss comes before any update; the generator's behind the discriminator's.
    BOOST_TEST(found.losses[0] == plain.losses[0]);
    BOOST_TEST(std::fabs(found.losses[1] - plain.losses[1]) <= 1e-5 * plain.losses[1]);
    const double difference = relative_difference(found.tensors, plain.tensors);
    BOOST_TEST_MESSAGE("weights: relative difference " << difference);
    BOOST_TEST(difference <= 1e-4);
}

namespace {

/// A convolution between two dropouts, as the reference's second, of channels that tiles pay for; linear, so
/// that nothing but the convolution rounds.
using Between = Sequential<Input<16, 13, 13>, Dropout2d<>, Conv2d<16, 20, 3, 2>, Dropout2d<>>;
using BetweenBackwards =
    Sequential<Input<16, 7, 7>, Dropout2d<>, ConvTranspose2d<16, 20, 4, 2, 1>, Dropout2d<>>;

template <class Net>
void check_passes() {
    for (const int batch : {4, 16, 17}) {
        const auto plain = pass<Net, Plain>(batch), found = pass<Net, Dropped>(batch);
        BOOST_TEST((found[0] == plain[0]), "forward, batch " << batch);
        BOOST_TEST((found[1] == plain[1]), "to input, batch " << batch);
        const double difference = relative_difference(found[2], plain[2]);
        BOOST_TEST_MESSAGE("batch " << batch << ": weight gradients differ by " << difference);
        // With tiles: what tiles may be off in float (tiled_convolution.cpp).
        const bool tiles = batch >= least_batch_for_tiles;
        BOOST_TEST(difference <= (tiles ? 4e-6 : 0.0), "to weight, batch " << batch << ": " << difference);
        BOOST_TEST((difference > 0) == tiles); // or there was nothing to compare
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_convolution_between_dropouts_is_the_same_with_and_without_the_zeros) {
    check_passes<Between>();
    check_passes<BetweenBackwards>();
}
