#include <ctgan/backend/cpu.hpp>

#include <boost/test/unit_test.hpp>

#include <new>
#include <stdexcept>

using namespace ctgan;

BOOST_AUTO_TEST_CASE(memory_of_too_many_bytes_to_count_is_refused) {
    BOOST_CHECK_THROW(cpu::Memory<double>(Index{1} << 61), std::bad_alloc);
    BOOST_CHECK_THROW(cpu::Memory<double>(-1), std::invalid_argument);
}
