#include <ctgan/backend/cpu/thread_pool.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using ctgan::Index;
using ctgan::cpu::ThreadPool;

namespace {

/// Checks that a job runs each chunk exactly once.
void check_each_chunk_once(ThreadPool& pool, Index chunks) {
    std::vector<std::atomic<int>> calls(static_cast<std::size_t>(chunks));
    pool.run(chunks, [&](Index chunk) { calls[static_cast<std::size_t>(chunk)].fetch_add(1); });
    int wrong = 0;
    for (const auto& count : calls) wrong += count != 1;
    BOOST_TEST(wrong == 0, wrong << " of " << chunks << " chunks did not run exactly once");
}

} // namespace

BOOST_AUTO_TEST_SUITE(thread_pool)

BOOST_AUTO_TEST_CASE(runs_each_chunk_once_for_all_sizes) {
    for (const int threads : {1, 2, 3, 7}) {
        ThreadPool pool(threads);
        for (const Index chunks : {0, 1, 2, 5, 7, 100, 1000}) check_each_chunk_once(pool, chunks);
    }
}

BOOST_AUTO_TEST_CASE(runs_many_small_jobs_in_a_row) {
    ThreadPool pool(7); // more threads than cores: workers start a job late, or miss it
    std::atomic<Index> sum{0};
    for (int job = 0; job < 20000; ++job) pool.run(3, [&](Index chunk) { sum += chunk + 1; });
    BOOST_TEST(sum == 20000 * 6);
}

BOOST_AUTO_TEST_CASE(changes_its_size_between_jobs) {
    ThreadPool pool(2);
    for (const int threads : {3, 1, 7, 2}) {
        pool.resize(threads);
        BOOST_TEST(pool.threads() == threads);
        check_each_chunk_once(pool, 50);
    }
    BOOST_CHECK_THROW(pool.resize(0), std::invalid_argument);
    check_each_chunk_once(pool, 50);
}

BOOST_AUTO_TEST_CASE(runs_a_job_within_a_job) {
    ThreadPool pool(3);
    std::atomic<int> calls{0};
    pool.run(4, [&](Index) { pool.run(5, [&](Index) { ++calls; }); });
    BOOST_TEST(calls == 20);
}

BOOST_AUTO_TEST_CASE(serves_two_callers_at_the_same_time) {
    ThreadPool pool(3);
    const auto call = [&] {
        for (int job = 0; job < 200; ++job) check_each_chunk_once(pool, 20);
    };
    // Boost.Test's checks are not thread-safe, so the second caller only counts.
    std::atomic<Index> sum{0};
    std::thread second([&] {
        for (int job = 0; job < 2000; ++job) pool.run(10, [&](Index chunk) { sum += chunk; });
    });
    call();
    second.join();
    BOOST_TEST(sum == 2000 * 45);
}

BOOST_AUTO_TEST_SUITE_END()
