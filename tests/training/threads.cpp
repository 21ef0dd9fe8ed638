#include <boost/test/unit_test.hpp>

#include "../with_threads.hpp"
#include "support.hpp"
#include <cmath>

using namespace training;

namespace {

template <class TheGan>
void check_thread_counts(int steps, int batch) {
    const auto run = [&](int threads) {
        const WithThreads scope(threads);
        return train<TheGan>(steps, batch, batch);
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

} // namespace

BOOST_AUTO_TEST_CASE(training_at_full_size_gives_the_same_bits_with_any_number_of_threads) {
    check_thread_counts<FullGan>(12, 4);
}

BOOST_AUTO_TEST_CASE(training_with_tiles_gives_the_same_bits_with_any_number_of_threads) {
    check_thread_counts<FullGan>(3, 16);
}

BOOST_AUTO_TEST_CASE(training_on_an_odd_batch_gives_the_same_bits_with_any_number_of_threads) {
    check_thread_counts<SmallGan>(12, 7);
}

BOOST_AUTO_TEST_CASE(training_networks_with_branches_gives_the_same_bits_with_any_number_of_threads) {
    check_thread_counts<BranchingGanOn<TestBackend>>(8, 6);
    check_thread_counts<BranchingGanOn<TestBackend>>(3, 17);
}

BOOST_AUTO_TEST_CASE(training_networks_with_normalizations_gives_the_same_bits_with_any_number_of_threads) {
    check_thread_counts<NormalizedGanOn<TestBackend>>(4, 2);
    check_thread_counts<NormalizedGanOn<TestBackend>>(3, 17);
}

BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry_give_the_same_bits_with_any_number_of_threads) {
    check_thread_counts<GeometriesGanOn<TestBackend>>(5, 5);
}

BOOST_AUTO_TEST_CASE(training_twice_gives_the_same_bits) {
    BOOST_TEST((train<SmallGan>(5, 4, 4) == train<SmallGan>(5, 4, 4)));
}
