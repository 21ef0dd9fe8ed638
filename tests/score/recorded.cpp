// Recorded figures of torch-fidelity, clean-fid, prdc, torchmetrics and numpy: `python
// tests/score/python/figures.py print`. python/compare.sh compares with the packages themselves.

#include <ctgan/score/classes.hpp>
#include <ctgan/score/frechet.hpp>
#include <ctgan/score/kernel.hpp>
#include <ctgan/score/neighbours.hpp>

#include <boost/test/unit_test.hpp>

#include "sets.hpp"

using namespace ctgan;

namespace {

void check_close(double found, double recorded) {
    BOOST_TEST(found == recorded, boost::test_tools::tolerance(1e-9));
}

} // namespace

BOOST_AUTO_TEST_CASE(scores_of_1000_rows_of_64_are_those_of_the_python_packages) {
    const score::Features real = made_features(1000, 64, 1);
    const score::Features generated = made_features(1000, 64, 2, 1.0625, 0.125);
    check_close(score::frechet(real, generated), 1.9377690341767817);
    check_close(score::kernel(real, generated, {.subsets = 1, .subset_size = 1000}).mean,
                0.050456963436717128);
    const score::Neighbours neighbours = score::neighbours(real, generated, 5);
    check_close(neighbours.precision, 0.452);
    check_close(neighbours.recall, 0.857);
    check_close(neighbours.density, 0.283);
    check_close(neighbours.coverage, 0.621);
    BOOST_TEST(neighbours.k == 5);
    BOOST_TEST(neighbours.real_count == 1000);
    BOOST_TEST(neighbours.generated_count == 1000);
}

// The packages' Fréchet distances differ from this one, numpy's by QR, in the eighth digit: they take roots
// of eigenvalues that should be 0.
BOOST_AUTO_TEST_CASE(scores_of_60_rows_of_84_are_those_of_the_python_packages) {
    const score::Features real = made_features(60, 84, 3);
    const score::Features generated = made_features(60, 84, 4, 1.0625, 0.125);
    check_close(score::frechet(real, generated), 23.050646684798686);
    check_close(score::kernel(real, generated, {.subsets = 1, .subset_size = 60}).mean, 0.053294218642346625);
    const score::Neighbours neighbours = score::neighbours(real, generated, 3);
    check_close(neighbours.precision, 21.0 / 60);
    check_close(neighbours.recall, 54.0 / 60);
    check_close(neighbours.density, 47.0 / 180);
    check_close(neighbours.coverage, 30.0 / 60);
}

BOOST_AUTO_TEST_CASE(the_classifier_score_is_torch_fidelitys) {
    const score::Classes classes = score::classes(made_features(1000, 10, 5, 4));
    check_close(classes.score, 2.9600194076584123);
    check_close(classes.chi_square, 8.9);
    BOOST_TEST(classes.count == 1000);
}
