#include <ctgan/score/confidence.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace ctgan;

BOOST_AUTO_TEST_CASE(confidence_is_the_softmax_of_the_largest_logit) {
    // 3/4 for class 1; 1/3 for the first of three equal ones; 9/11 for class 2, whatever is added to a row.
    const double shift = 1024;
    const auto found = score::confidence({3,
                                          3,
                                          {std::log(1.0), std::log(6.0), std::log(1.0), //
                                           2, 2, 2,                                     //
                                           shift, shift, shift + std::log(9.0)}});
    BOOST_TEST(found.label == (std::vector<Index>{1, 0, 2}), boost::test_tools::per_element());
    const std::vector<double> expected{3.0 / 4, 1.0 / 3, 9.0 / 11};
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST(found.probability[i] == expected[i], boost::test_tools::tolerance(1e-12));
    BOOST_TEST(found.order == (std::vector<Index>{2, 0, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(certain_pictures_are_ordered_where_probabilities_are_rounded_to_1) {
    const auto found = score::confidence({4, 2, {50, 0, 0, 60, 70, 0, 60, 0}});
    for (const double probability : found.probability) BOOST_TEST(probability == 1);
    BOOST_TEST(found.order == (std::vector<Index>{2, 1, 3, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(confidence_of_what_is_no_set_of_logits_is_refused) {
    BOOST_CHECK_THROW(score::confidence({}), std::invalid_argument);
    BOOST_CHECK_THROW(score::confidence({1, 2, {0, std::numeric_limits<double>::infinity()}}),
                      std::invalid_argument);
}
