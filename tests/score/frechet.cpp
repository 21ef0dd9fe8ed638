#include <ctgan/score/frechet.hpp>
#include <ctgan/score/moments.hpp>

#include <boost/test/unit_test.hpp>

#include "sets.hpp"
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

/// Rows of +a and -a on each axis, plus a shift: the covariance is diagonal, with 2 a^2 / (rows - 1).
score::Features on_axes(const std::vector<double>& lengths, double shift) {
    const int width = static_cast<int>(lengths.size());
    score::Features set{2 * width, width, std::vector<double>(2 * lengths.size() * lengths.size(), shift)};
    for (std::size_t d = 0; d < lengths.size(); ++d) {
        set.values[2 * d * lengths.size() + d] += lengths[d];
        set.values[(2 * d + 1) * lengths.size() + d] -= lengths[d];
    }
    return set;
}

/// 20 columns become 84: each is divided among 4 columns, with signs, and 4 columns are zero, as those of
/// units that are never active. The rows of the matrix are orthonormal, so all distances stay, and the
/// covariance has rank 20.
std::vector<double> into_84_columns() {
    std::vector<double> matrix(std::size_t{20} * 84);
    for (std::size_t d = 0; d < 20; ++d)
        for (std::size_t j = 0; j < 4; ++j) matrix[d * 84 + d + 20 * j + 4] = (d + j) % 3 == 0 ? -0.5 : 0.5;
    return matrix;
}

/// An orthogonal matrix of Hadamard's.
std::vector<double> rotation_of_64() {
    std::vector<double> matrix;
    for (unsigned i = 0; i < 64; ++i)
        for (unsigned j = 0; j < 64; ++j) {
            unsigned bits = i & j, sign = 0;
            for (; bits != 0; bits &= bits - 1) sign ^= 1U;
            matrix.push_back(sign != 0 ? -0.125 : 0.125);
        }
    return matrix;
}

auto says(const std::string& text) {
    return [text](const std::invalid_argument& error) { return text == error.what(); };
}

} // namespace

BOOST_AUTO_TEST_CASE(the_moments_are_the_mean_and_a_root_of_the_covariance) {
    // More than one block of rows, and a mean that is large beside the deviations.
    for (const Index count : {7, 1024, 1025, 2500}) {
        const score::Features set = made_features(count, 12, 6, 1, 1024);
        const score::Moments moments = score::moments(set);
        BOOST_TEST(moments.count == count);
        BOOST_TEST(moments.width == 12);
        for (std::size_t a = 0; a < 12; ++a) {
            long double mean = 0;
            for (Index i = 0; i < count; ++i) mean += set.row(i)[a];
            BOOST_TEST(moments.mean[a] == double(mean / count), boost::test_tools::tolerance(1e-15));
            for (std::size_t b = 0; b <= a; ++b) {
                long double covariance = 0;
                for (Index i = 0; i < count; ++i)
                    covariance += static_cast<long double>(set.row(i)[a] - moments.mean[a]) *
                                  static_cast<long double>(set.row(i)[b] - moments.mean[b]);
                double product = 0;
                for (std::size_t row = 0; row < 12; ++row)
                    product += moments.r[row * 12 + a] * moments.r[row * 12 + b];
                BOOST_TEST(std::fabs(product - double(covariance / (count - 1))) < 1e-14);
            }
        }
    }
}

// Added up once, 100,000 values have lost two digits.
BOOST_AUTO_TEST_CASE(the_mean_of_many_rows_is_rounded_once) {
    const score::Features set = made_features(100000, 1, 7, 1 / 3.0, 1000.1);
    long double sum = 0; // of what is above 1000, because it would lose digits, too
    for (const double value : set.values) sum += value - 1000;
    BOOST_TEST(score::moments(set).mean[0] == double(1000 + sum / 100000),
               boost::test_tools::tolerance(2.3e-16));
}

BOOST_AUTO_TEST_CASE(the_distance_of_equal_sets_is_exactly_zero) {
    for (const score::Features& set :
         {made_features(1000, 64, 1), made_features(60, 84, 3), made_features(2, 5, 1),
          times(made_features(300, 20, 2), into_84_columns(), 84), made_features(3000, 1, 1, 0, 0.5)})
        BOOST_TEST(score::frechet(set, set) == 0);
}

BOOST_AUTO_TEST_CASE(the_order_of_the_rows_changes_the_distance_by_rounding_errors_squared) {
    for (const score::Features& set : {made_features(1000, 64, 1), made_features(60, 84, 3),
                                       times(made_features(300, 20, 2), into_84_columns(), 84)}) {
        const double distance = score::frechet(set, reordered(set, 7 * 11 * 13));
        BOOST_TEST(distance >= 0);
        BOOST_TEST(distance < 1e-20);
    }
}

BOOST_AUTO_TEST_CASE(the_distance_of_diagonal_covariances_has_a_closed_form) {
    const std::vector<double> a = {1, 2, 0.5, 0, 3, 1e-3, 1}, b = {1.5, 2, 0, 0.25, 3, 1e3, 1};
    double expected = 7 * 0.75 * 0.75;
    for (std::size_t d = 0; d < a.size(); ++d) expected += 2 * (a[d] - b[d]) * (a[d] - b[d]) / 13;
    BOOST_TEST(score::frechet(on_axes(a, 0.25), on_axes(b, 1)) == expected,
               boost::test_tools::tolerance(1e-13));
    BOOST_TEST(score::frechet(on_axes(b, 1), on_axes(a, 0.25)) == expected,
               boost::test_tools::tolerance(1e-13));
}

// With the covariances alone there are about 1e-8 of the trace left: roots of rounding errors.
BOOST_AUTO_TEST_CASE(a_small_distance_of_singular_covariances_has_all_digits) {
    const score::Features real = made_features(300, 20, 2),
                          generated = made_features(300, 20, 2, 1 + 0x1p-20, 0x1p-24);
    const double expected = score::frechet(real, generated); // of covariances of full rank
    BOOST_TEST(expected < 1e-10);
    const double found =
        score::frechet(times(real, into_84_columns(), 84), times(generated, into_84_columns(), 84));
    BOOST_TEST(found == expected, boost::test_tools::tolerance(1e-8));
    // Scaled by 1 + s, the covariances' part is s^2 times the trace.
    const score::Moments moments = score::moments(real);
    double trace = 0, shift = 0;
    for (const double value : moments.r) trace += value * value;
    for (const double value : moments.mean) shift += std::pow(0x1p-20 * value + 0x1p-24, 2);
    BOOST_TEST(expected == shift + 0x1p-40 * trace, boost::test_tools::tolerance(1e-8));
}

BOOST_AUTO_TEST_CASE(a_rotation_of_all_features_leaves_the_distance) {
    const score::Features real = made_features(1000, 64, 1),
                          generated = made_features(900, 64, 2, 1.0625, 0.125);
    const double turned =
        score::frechet(times(real, rotation_of_64(), 64), times(generated, rotation_of_64(), 64));
    BOOST_TEST(turned == score::frechet(real, generated), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(score::frechet(generated, real) == turned, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(what_the_frechet_distance_cannot_compare_is_one_line) {
    BOOST_CHECK_EXCEPTION(score::moments(made_features(1, 3, 1)), std::invalid_argument,
                          says("score::moments: found count = 1, expected at least 2"));
    BOOST_CHECK_EXCEPTION(score::moments({}), std::invalid_argument,
                          says("score::moments: found width = 0, expected at least 1"));
    BOOST_CHECK_EXCEPTION(score::moments({3, 2, {1, 2, 3, 4, 5}}), std::invalid_argument,
                          says("score::moments: found 5 values, expected 3 rows of 2"));
    BOOST_CHECK_EXCEPTION(score::moments({2, 2, {1, 2, 3, 4, 5, 6}}), std::invalid_argument,
                          says("score::moments: found 6 values, expected 2 rows of 2"));
    score::Features bad = made_features(4, 3, 1);
    bad.values[7] = std::numeric_limits<double>::infinity();
    BOOST_CHECK_EXCEPTION(
        score::moments(bad), std::invalid_argument,
        says("score::moments: found a value that is not finite in row 2, column 1, expected none"));
    BOOST_CHECK_EXCEPTION(score::frechet(made_features(9, 3, 1), made_features(9, 4, 1)),
                          std::invalid_argument,
                          says("score::frechet: found rows of 4 for the generated pictures, expected those "
                               "of the real ones, 3"));
    score::Moments moments = score::moments(made_features(9, 3, 1)), others = moments;
    others.r.pop_back();
    BOOST_CHECK_EXCEPTION(score::frechet(moments, others), std::invalid_argument,
                          says("score::frechet: found moments with 3 and 8 values, expected width and width "
                               "x width, width = 3"));
    others = moments;
    others.mean[0] = std::numeric_limits<double>::quiet_NaN();
    BOOST_CHECK_EXCEPTION(score::frechet(others, moments), std::invalid_argument,
                          says("score::frechet: found moments that are not finite, expected finite ones"));
}
