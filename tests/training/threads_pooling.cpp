// A Gan with pooling, upsampling, dropout and the activations that the other networks do not have: bits do
// not depend on the number of threads.

#include <boost/test/unit_test.hpp>

#include "../with_threads.hpp"
#include "support.hpp"
#include <cmath>

using namespace training;

BOOST_AUTO_TEST_CASE(pooling_and_upsampling_give_the_same_bits_with_any_number_of_threads) {
    for (const int batch : {1, 7}) {
        const auto run = [&](int threads) {
            const WithThreads scope(threads);
            return train<PoolingGanOn<TestBackend>>(6, batch, batch);
        };
        const Record one = run(1);
        for (const double loss : one.losses) BOOST_TEST(std::isfinite(loss));
        BOOST_TEST(one.losses.front() != one.losses[one.losses.size() - 2]);
        for (const int threads : {2, 3, 7}) {
            const Record other = run(threads);
            BOOST_TEST((other.losses == one.losses), "losses differ between 1 thread and " << threads);
            BOOST_TEST((other.tensors == one.tensors), "weights differ between 1 thread and " << threads);
        }
    }
}
