#define BOOST_TEST_MODULE score
#include <boost/test/unit_test.hpp>
