#define BOOST_TEST_MODULE gradient
#include <boost/test/unit_test.hpp>
