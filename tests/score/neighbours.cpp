#include <ctgan/score/nearest.hpp>
#include <ctgan/score/neighbours.hpp>

#include <boost/test/unit_test.hpp>

#include "sets.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

double squared_distance(const double* a, const double* b, int width) {
    double sum = 0;
    for (int d = 0; d < width; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

/// The definitions, over the matrix of all distances.
score::Neighbours by_definition(const score::Features& real, const score::Features& generated, int k) {
    const auto radii = [k](const score::Features& set) {
        std::vector<double> result;
        for (Index i = 0; i < set.count; ++i) {
            std::vector<double> others;
            for (Index j = 0; j < set.count; ++j)
                if (i != j) others.push_back(squared_distance(set.row(i), set.row(j), set.width));
            std::sort(others.begin(), others.end());
            result.push_back(others[static_cast<std::size_t>(k - 1)]);
        }
        return result;
    };
    const std::vector<double> r = radii(real), s = radii(generated);
    Index inside = 0, precise = 0, recalled = 0, covered = 0;
    std::vector<bool> in_real(s.size());
    for (std::size_t i = 0; i < r.size(); ++i) {
        bool recall = false, cover = false;
        for (std::size_t j = 0; j < s.size(); ++j) {
            const double d = squared_distance(real.row(Index(i)), generated.row(Index(j)), real.width);
            inside += d < r[i];
            cover = cover || d < r[i];
            recall = recall || d < s[j];
            in_real[j] = in_real[j] || d < r[i];
        }
        covered += cover;
        recalled += recall;
    }
    precise = std::count(in_real.begin(), in_real.end(), true);
    const auto n = double(real.count), m = double(generated.count);
    return {double(precise) / m, double(recalled) / n, double(inside) / (k * m), double(covered) / n, k,
            real.count,          generated.count};
}

void check_equal(const score::Neighbours& found, const score::Neighbours& expected) {
    BOOST_TEST(found.precision == expected.precision);
    BOOST_TEST(found.recall == expected.recall);
    BOOST_TEST(found.density == expected.density);
    BOOST_TEST(found.coverage == expected.coverage);
    BOOST_TEST(found.k == expected.k);
    BOOST_TEST(found.real_count == expected.real_count);
    BOOST_TEST(found.generated_count == expected.generated_count);
}

auto says(const std::string& text) {
    return [text](const std::invalid_argument& error) { return text == error.what(); };
}

} // namespace

// Counts that no tile and no chunk divides.
BOOST_AUTO_TEST_CASE(the_figures_of_the_neighbours_are_their_definitions) {
    for (const int width : {1, 3, 17})
        for (const Index n : {7, 64, 131})
            for (const Index m : {7, 65, 200})
                for (const int k : {1, 5}) {
                    const score::Features real = made_features(n, width, 1);
                    const score::Features generated = made_features(m, width, 2, 1.0625, 0.125);
                    check_equal(score::neighbours(real, generated, k), by_definition(real, generated, k));
                }
    // More than 64 chunks of 64 rows: a chunk has more rows.
    const score::Features real = made_features(50, 2, 1), generated = made_features(4200, 2, 2, 1.5);
    check_equal(score::neighbours(real, generated, 2), by_definition(real, generated, 2));
}

// With a strict comparison the ball of a row of which there are more than k copies is empty.
BOOST_AUTO_TEST_CASE(equal_sets_and_copies_score_as_defined) {
    const score::Features set = made_features(500, 8, 1);
    const score::Neighbours same = score::neighbours(set, set, 5);
    BOOST_TEST(same.precision == 1);
    BOOST_TEST(same.recall == 1);
    BOOST_TEST(same.density == 1); // the row itself and k - 1 neighbours: the k-th is not strictly inside
    BOOST_TEST(same.coverage == 1);
    score::Features twice = set;
    twice.count *= 2;
    twice.values.insert(twice.values.end(), set.values.begin(), set.values.end());
    for (const double radius : score::radii(twice, 1).squared) BOOST_TEST(radius == 0);
    check_equal(score::neighbours(twice, twice, 1), {0, 0, 0, 0, 1, 1000, 1000});
    check_equal(score::neighbours(twice, twice, 2), by_definition(twice, twice, 2));
}

BOOST_AUTO_TEST_CASE(sets_far_apart_score_zero_and_a_repeated_picture_has_no_recall) {
    const score::Features real = made_features(300, 8, 1);
    check_equal(score::neighbours(real, made_features(200, 8, 2, 1, 64)), {0, 0, 0, 0, 5, 300, 200});
    // One real picture over and over: all are precise, most of the real ones are not covered.
    score::Features repeated{200, 8, {}};
    for (int i = 0; i < 200; ++i) repeated.values.insert(repeated.values.end(), real.row(7), real.row(8));
    const score::Neighbours found = score::neighbours(real, repeated);
    BOOST_TEST(found.precision == 1);
    BOOST_TEST(found.recall == 0);
    BOOST_TEST(found.coverage < 0.2);
}

BOOST_AUTO_TEST_CASE(the_order_of_the_rows_does_not_change_the_figures) {
    const score::Features real = made_features(400, 8, 1),
                          generated = made_features(350, 8, 2, 1.0625, 0.125);
    check_equal(score::neighbours(reordered(real, 7), reordered(generated, 11)),
                score::neighbours(real, generated));
}

BOOST_AUTO_TEST_CASE(radii_that_are_given_are_used) {
    const score::Features real = made_features(200, 4, 1), generated = made_features(150, 4, 2);
    score::Radii radii = score::radii(real, 3);
    BOOST_TEST(radii.k == 3);
    check_equal(score::neighbours(real, generated, radii), score::neighbours(real, generated, 3));
    for (double& radius : radii.squared) radius = 0;
    BOOST_TEST(score::neighbours(real, generated, radii).coverage == 0);
}

BOOST_AUTO_TEST_CASE(the_nearest_row_is_the_first_of_the_least_distance) {
    for (const Index n : {1, 31, 200}) {
        const score::Features real = made_features(n, 5, 1), generated = made_features(133, 5, 2);
        const score::Nearest found = score::nearest(generated, real);
        for (Index j = 0; j < generated.count; ++j) {
            Index best = 0;
            for (Index i = 1; i < n; ++i)
                if (squared_distance(generated.row(j), real.row(i), 5) <
                    squared_distance(generated.row(j), real.row(best), 5))
                    best = i;
            BOOST_TEST(found.index[static_cast<std::size_t>(j)] == best);
            BOOST_TEST(found.distance[static_cast<std::size_t>(j)] ==
                           std::sqrt(squared_distance(generated.row(j), real.row(best), 5)),
                       boost::test_tools::tolerance(1e-15));
        }
    }
    score::Features copies{5, 2, {0, 0, 3, 4, 9, 9, 3, 4, 0, 0}};
    const score::Nearest found = score::nearest({2, 2, {3, 4, 0, 0.5}}, copies);
    BOOST_TEST(found.index == (std::vector<Index>{1, 0}), boost::test_tools::per_element());
    BOOST_TEST(found.distance == (std::vector<double>{0, 0.5}), boost::test_tools::per_element());
}

// Far from 0, |x|^2 + |y|^2 - 2 x y would have lost all digits of these distances.
BOOST_AUTO_TEST_CASE(distances_of_large_features_lose_no_digits) {
    const score::Features real = made_features(100, 6, 1), generated = made_features(100, 6, 2);
    const auto moved = [](score::Features set) {
        for (double& value : set.values) value += 0x1p+26; // exact: the values have 24 bits behind the point
        return set;
    };
    check_equal(score::neighbours(moved(real), moved(generated), 3), score::neighbours(real, generated, 3));
    BOOST_TEST(score::nearest(moved(generated), moved(real)).distance ==
                   score::nearest(generated, real).distance,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(neighbours_that_there_are_not_are_one_line) {
    const score::Features five = made_features(5, 3, 1), six = made_features(6, 3, 1);
    BOOST_CHECK_EXCEPTION(
        score::radii(five, 5), std::invalid_argument,
        says("score::radii: found 5 rows, expected more than k = 5, the neighbours of each"));
    BOOST_CHECK_EXCEPTION(score::radii(five, 0), std::invalid_argument,
                          says("score::radii: found k = 0, expected at least 1"));
    BOOST_CHECK_EXCEPTION(
        score::neighbours(six, five, 5), std::invalid_argument,
        says("score::neighbours: found 5 rows, expected more than k = 5, the neighbours of each"));
    BOOST_CHECK_EXCEPTION(score::neighbours(five, six, score::radii(six, 2)), std::invalid_argument,
                          says("score::neighbours: found 6 radii, expected one for each of the 5 real rows"));
    BOOST_CHECK_EXCEPTION(score::nearest(five, {}), std::invalid_argument,
                          says("score::nearest: found width = 0, expected at least 1"));
    BOOST_CHECK_EXCEPTION(score::nearest(five, {0, 3, {}}), std::invalid_argument,
                          says("score::nearest: found count = 0, expected at least 1"));
    BOOST_CHECK_EXCEPTION(score::nearest(five, made_features(5, 4, 1)), std::invalid_argument,
                          says("score::nearest: found rows of 3 for the generated pictures, expected those "
                               "of the real ones, 4"));
    score::Features bad = five;
    bad.values[14] = std::numeric_limits<double>::quiet_NaN();
    BOOST_CHECK_EXCEPTION(
        score::nearest(bad, five), std::invalid_argument,
        says("score::nearest: found a value that is not finite in row 4, column 2, expected none"));
}
