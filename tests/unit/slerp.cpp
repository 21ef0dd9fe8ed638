#include <ctgan/gan/slerp.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

using ctgan::slerp;

namespace {

using Vector = std::vector<float>;

double length(const Vector& v) {
    double sum = 0;
    for (const float x : v) sum += double(x) * double(x);
    return std::sqrt(sum);
}

double angle(const Vector& a, const Vector& b) {
    double product = 0;
    for (std::size_t i = 0; i < a.size(); ++i) product += double(a[i]) * double(b[i]);
    return std::acos(product / length(a) / length(b));
}

} // namespace

BOOST_AUTO_TEST_SUITE(great_circle)

BOOST_AUTO_TEST_CASE(it_begins_and_ends_at_the_vectors) {
    const Vector a{0.5F, -2, 3, 0.25F}, b{-1, 4, 0.5F, 2};
    BOOST_TEST(slerp(a, b, 0) == a, boost::test_tools::per_element());
    BOOST_TEST(slerp(a, b, 1) == b, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_steps_are_equal_angles_and_keep_the_length) {
    const Vector a{3, 0, 4}, b{0, 5, 0}; // both of length 5, at a right angle
    for (int i = 0; i <= 8; ++i) {
        const Vector between = slerp(a, b, i / 8.0);
        BOOST_TEST(length(between) == 5, boost::test_tools::tolerance(1e-7));
        if (i > 0 && i < 8)
            BOOST_TEST(angle(a, between) == i * std::acos(0.0) / 8, boost::test_tools::tolerance(1e-6));
    }
    // The middle of a straight line would be shorter.
    BOOST_TEST(length(slerp(a, b, 0.5)) > 4.9);
}

BOOST_AUTO_TEST_CASE(vectors_without_a_great_circle_are_joined_by_a_line) {
    const Vector a{2, -4};
    BOOST_TEST(slerp(a, Vector{4, -8}, 0.5) == (Vector{3, -6}), boost::test_tools::per_element());
    BOOST_TEST(slerp(a, Vector{-2, 4}, 0.25) == (Vector{1, -2}), boost::test_tools::per_element());
    BOOST_TEST(slerp(a, Vector{0, 0}, 0.5) == (Vector{1, -2}), boost::test_tools::per_element());
    BOOST_TEST(slerp(a, a, 0.75) == a, boost::test_tools::per_element());
    BOOST_TEST(slerp(Vector{}, Vector{}, 0.5).empty());
    BOOST_CHECK_THROW(slerp(a, Vector{1}, 0.5), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
