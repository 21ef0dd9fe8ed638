#include <ctgan/score/kernel.hpp>

#include <boost/test/unit_test.hpp>

#include "sets.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

/// The definition, in a higher precision.
double by_definition(const score::Features& x, const score::Features& y) {
    const auto k = [](const double* a, const double* b, int width) {
        long double product = 0;
        for (int d = 0; d < width; ++d)
            product += static_cast<long double>(a[d]) * static_cast<long double>(b[d]);
        const long double base = product / width + 1;
        return base * base * base;
    };
    const Index m = x.count;
    long double within = 0, between = 0;
    for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < m; ++j) {
            if (i != j) within += k(x.row(i), x.row(j), x.width) + k(y.row(i), y.row(j), y.width);
            between += k(x.row(i), y.row(j), x.width);
        }
    const auto rows = static_cast<long double>(m);
    return double(within / (rows * (rows - 1)) - 2 * between / (rows * rows));
}

auto says(const std::string& text) {
    return [text](const std::invalid_argument& error) { return text == error.what(); };
}

} // namespace

BOOST_AUTO_TEST_CASE(the_kernel_distance_of_all_rows_is_its_definition) {
    for (const int width : {1, 10})
        for (const Index m : {2, 3, 63, 130}) {
            const score::Features x = made_features(m, width, 1), y = made_features(m, width, 2, 1.0625, 0.5);
            const score::Kernel found = score::kernel(x, y, {.subsets = 3, .subset_size = m});
            BOOST_TEST(found.mean == by_definition(x, y), boost::test_tools::tolerance(1e-12));
            BOOST_TEST(found.deviation < 1e-13); // the subsets are all rows, in three orders
            BOOST_TEST(found.subsets == 3);
            BOOST_TEST(found.subset_size == m);
        }
}

BOOST_AUTO_TEST_CASE(a_subset_has_different_rows_and_all_are_chosen_equally_often) {
    score::Features numbers{50, 1, {}};
    for (int i = 0; i < 50; ++i) numbers.values.push_back(i);
    std::vector<int> times_chosen(50);
    for (std::uint64_t subset = 0; subset < 2000; ++subset) {
        const auto chosen = score::detail::chosen_rows(numbers, 10, {7, subset, random::scoring});
        BOOST_TEST(chosen.count == 10);
        BOOST_TEST(std::set<double>(chosen.values.begin(), chosen.values.end()).size() == 10U);
        for (const double value : chosen.values) ++times_chosen[static_cast<std::size_t>(value)];
    }
    // 400 each on average, with a standard deviation of 18.
    for (const int times : times_chosen) BOOST_TEST((times > 310 && times < 490));
}

BOOST_AUTO_TEST_CASE(the_seed_chooses_the_subsets) {
    const score::Features x = made_features(200, 6, 1), y = made_features(300, 6, 2, 1.25);
    const score::KernelOptions options{.subsets = 40, .subset_size = 50, .seed = 3};
    const score::Kernel first = score::kernel(x, y, options), again = score::kernel(x, y, options);
    BOOST_TEST(first.mean == again.mean);
    BOOST_TEST(first.deviation == again.deviation);
    BOOST_TEST(first.deviation > 0);
    BOOST_TEST(score::kernel(x, y, {.subsets = 40, .subset_size = 50, .seed = 4}).mean != first.mean);
}

// Of samples of one distribution: with the pairs of a row and itself, the mean would be about 0.15.
BOOST_AUTO_TEST_CASE(the_kernel_distance_has_no_bias_so_it_may_be_negative) {
    int negative = 0;
    double sum = 0, squares = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const score::Features x = made_features(20, 4, 100 + seed), y = made_features(20, 4, 300 + seed);
        const double distance = score::kernel(x, y, {.subsets = 1, .subset_size = 20}).mean;
        negative += distance < 0;
        sum += distance;
        squares += distance * distance;
    }
    BOOST_TEST((negative > 30 && negative < 80));
    const double standard_error = std::sqrt(squares) / 100;
    BOOST_TEST(standard_error < 0.02);
    BOOST_TEST(std::fabs(sum / 100) < 3 * standard_error);
}

BOOST_AUTO_TEST_CASE(subsets_that_cannot_be_chosen_are_one_line) {
    const score::Features ten = made_features(10, 3, 1), twelve = made_features(12, 3, 1);
    BOOST_CHECK_EXCEPTION(
        score::kernel(twelve, ten, {.subset_size = 11}), std::invalid_argument,
        says("score::kernel: found subsets of 11, expected at most 10, the rows of the smaller set"));
    BOOST_CHECK_EXCEPTION(score::kernel(ten, twelve, {.subset_size = 1}), std::invalid_argument,
                          says("score::kernel: found subsets of 1, expected at least 2"));
    BOOST_CHECK_EXCEPTION(score::kernel(ten, twelve, {.subsets = 0, .subset_size = 2}), std::invalid_argument,
                          says("score::kernel: found 0 subsets, expected at least 1"));
    BOOST_CHECK_EXCEPTION(
        score::kernel(ten, made_features(10, 4, 1), {.subset_size = 2}), std::invalid_argument,
        says(
            "score::kernel: found rows of 4 for the generated pictures, expected those of the real ones, 3"));
}
