// Patterns and the CPU's tiles: information about dropped channels may change the choice of the algorithm.

#include <boost/test/unit_test.hpp>

#include "patterns_support.hpp"
#include <cmath>

using namespace training;

namespace {

using Dropped = With<Patterns{false, false, true, false}>;

/// Of any geometry: the minimum batch is the same for all.
constexpr int min_batch_for_tiles =
    cpu::ConvolutionChoice<ConvolutionGeometry<20, 5, 5, 20, 5, 5, 3, 1, 1>, float>::min_batch_for_tiles;
static_assert(min_batch_for_tiles == 12, "patterns.cpp uses 11 and 7 as batches without tiles");

double relative_difference(const std::vector<float>& a, const std::vector<float>& b) {
    double square = 0, of_differences = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        square += double(b[i]) * b[i];
        of_differences += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
    }
    return std::sqrt(of_differences / square);
}

} // namespace

BOOST_AUTO_TEST_CASE(patterns_that_do_not_change_the_algorithm_give_the_same_bits_with_tiles) {
    using AllButDropped = With<Patterns{true, true, false, true}>;
    check_same_bits<WideGanOn, AllButDropped>(16, train<WideGanOn<Plain>>(3, 16, 16),
                                              "all but dropped channels");
}

BOOST_AUTO_TEST_CASE(weight_gradients_without_dropped_channels_differ_from_tiles_only_by_rounding) {
    // With dropped channels a weight gradient is computed directly and not with tiles, which add in another
    // order and lose a digit: about 1e-6 of the gradient's norm. Adam's first step is the sign of the
    // gradient times the rate, 1e-3, so hardly any weight changes. But if a gradient is zero within rounding,
    // its step may have the other sign: a difference of 2e-3 in a norm of about 40. Two such weights would
    // give 7e-5.
    const Record plain = train<WideGanOn<Plain>>(1, 16, 16), found = train<WideGanOn<Dropped>>(1, 16, 16);
    // The discriminator's loss is computed before any update, the generator's after the discriminator's
    // update.
    BOOST_TEST(found.losses[0] == plain.losses[0]);
    BOOST_TEST(std::fabs(found.losses[1] - plain.losses[1]) <= 1e-5 * plain.losses[1]);
    const double difference = relative_difference(found.tensors, plain.tensors);
    BOOST_TEST_MESSAGE("weights: relative difference " << difference);
    BOOST_TEST(difference <= 1e-4);
}

namespace {

/// A convolution between two dropouts, as the second one of the reference, with enough channels for tiles;
/// linear, so that only the convolution rounds.
using Between = Sequential<Input<16, 13, 13>, Dropout2d<>, Conv2d<16, 20, 3, 2>, Dropout2d<>>;
using TransposedBetween =
    Sequential<Input<16, 7, 7>, Dropout2d<>, ConvTranspose2d<16, 20, 4, 2, 1>, Dropout2d<>>;

template <class Net>
void check_passes() {
    for (const int batch : {4, 16, 17}) {
        const auto plain = pass<Net, Plain>(batch), found = pass<Net, Dropped>(batch);
        BOOST_TEST((found[0] == plain[0]), "forward, batch " << batch);
        BOOST_TEST((found[1] == plain[1]), "gradient with respect to the input, batch " << batch);
        const double difference = relative_difference(found[2], plain[2]);
        BOOST_TEST_MESSAGE("batch " << batch << ": weight gradients differ by " << difference);
        // With tiles: their limit in float (tiled_convolution.cpp).
        const bool tiles = batch >= min_batch_for_tiles;
        BOOST_TEST(difference <= (tiles ? 4e-6 : 0.0),
                   "weight gradients, batch " << batch << ": " << difference);
        BOOST_TEST((difference > 0) == tiles); // otherwise the test would compare nothing
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_convolution_between_dropouts_gives_the_same_results_with_and_without_zeros) {
    check_passes<Between>();
    check_passes<TransposedBetween>();
}
