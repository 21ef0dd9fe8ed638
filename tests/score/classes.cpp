#include <ctgan/score/classes.hpp>

#include <boost/test/unit_test.hpp>

#include "sets.hpp"
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

/// Logits of pictures of the given classes, of which the classifier is certain.
score::Features certain(const std::vector<int>& labels, int classes, double logit = 1000) {
    score::Features logits{Index(labels.size()), classes, {}};
    for (const int label : labels)
        for (int c = 0; c < classes; ++c) logits.values.push_back(c == label ? logit : 0);
    return logits;
}

auto says(const std::string& text) {
    return [text](const std::invalid_argument& error) { return text == error.what(); };
}

} // namespace

BOOST_AUTO_TEST_CASE(certain_and_equally_frequent_classes_score_their_number) {
    const score::Classes found = score::classes(certain({0, 1, 2, 3, 3, 2, 1, 0}, 4));
    BOOST_TEST(found.score == 4, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(found.chi_square == 0);
    BOOST_TEST(found.count == 8);
    BOOST_TEST(found.histogram == (std::vector<Index>{2, 2, 2, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_class_alone_or_a_classifier_that_knows_nothing_scores_one) {
    BOOST_TEST(score::classes(certain({2, 2, 2}, 4)).score == 1);
    BOOST_TEST(score::classes(certain({0, 1, 2}, 3, 0)).score == 1, boost::test_tools::tolerance(1e-15));
    // Equal rows: rounding does not bring the score below 1.
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const score::Features row = made_features(1, 10, seed, 3);
        score::Features rows{7, 10, {}};
        for (int i = 0; i < 7; ++i)
            rows.values.insert(rows.values.end(), row.values.begin(), row.values.end());
        BOOST_TEST(score::classes(rows).score >= 1);
        BOOST_TEST(score::classes(rows).score < 1 + 1e-14);
    }
}

BOOST_AUTO_TEST_CASE(the_score_of_two_pictures_has_a_closed_form) {
    // p = 3/4 and 1/4 for the first picture, the other way around for the second.
    const double logit = std::log(3.0);
    const double divergence = 0.75 * std::log(0.75 / 0.5) + 0.25 * std::log(0.25 / 0.5);
    BOOST_TEST(score::classes({2, 2, {logit, 0, 0, logit}}).score == std::exp(divergence),
               boost::test_tools::tolerance(1e-15));
    // A constant added to a row changes no probability, however large it is.
    BOOST_TEST(score::classes({2, 2, {logit + 1024, 1024, -4096, logit - 4096}}).score ==
                   std::exp(divergence),
               boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(chi_square_is_that_of_the_shares) {
    const score::Features logits = certain({0, 0, 0, 0, 0, 1, 1, 2}, 3);
    const double eighth = 8.0 / 3;
    BOOST_TEST(score::classes(logits).chi_square ==
                   ((5 - eighth) * (5 - eighth) + (2 - eighth) * (2 - eighth) + (1 - eighth) * (1 - eighth)) /
                       eighth,
               boost::test_tools::tolerance(1e-14));
    const std::vector<double> counts = {50, 25, 25}; // of a real set: 4, 2 and 2 expected
    BOOST_TEST(score::classes(logits, counts).chi_square == 1.0 / 4 + 0 + 1.0 / 2,
               boost::test_tools::tolerance(1e-14));
    const std::vector<double> shares = {0.5, 0.25, 0.25};
    BOOST_TEST(score::classes(logits, shares).chi_square == 0.75, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(of_equal_logits_the_first_class_counts) {
    const score::Classes found = score::classes({2, 3, {1, 1, 0, 0, 2, 2}});
    BOOST_TEST(found.histogram == (std::vector<Index>{1, 1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(logits_and_shares_that_cannot_be_used_are_one_line) {
    const score::Features logits = certain({0, 1}, 3);
    const std::vector<double> two = {0.5, 0.5}, zero = {0.5, 0.5, 0},
                              infinite = {1, std::numeric_limits<double>::infinity(), 1};
    BOOST_CHECK_EXCEPTION(
        score::classes(logits, two), std::invalid_argument,
        says("score::classes: found 2 expected shares, expected one for each of the 3 classes"));
    BOOST_CHECK_EXCEPTION(score::classes(logits, zero), std::invalid_argument,
                          says("score::classes: found an expected share of class 2 that is not positive, "
                               "expected a positive number"));
    BOOST_CHECK_EXCEPTION(score::classes(logits, infinite), std::invalid_argument,
                          says("score::classes: found an expected share of class 1 that is not finite, "
                               "expected a positive number"));
    BOOST_CHECK_EXCEPTION(score::classes({0, 3, {}}), std::invalid_argument,
                          says("score::classes: found count = 0, expected at least 1"));
}
