#include <ctgan/backend/cpu/thread_pool.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using ctgan::Index;
using ctgan::cpu::ThreadPool;

namespace {

/// Runs a job that counts how often each chunk is called, and demands once.
void check_each_piece_once(ThreadPool& team, Index chunks) {
    std::vector<std::atomic<int>> calls(static_cast<std::size_t>(chunks));
    team.run(chunks, [&](Index chunk) { calls[static_cast<std::size_t>(chunk)].fetch_add(1); });
    int wrong = 0;
    for (const auto& count : calls) wrong += count != 1;
    BOOST_TEST(wrong == 0, wrong << " of " << chunks << " chunks were not called once");
}

} // namespace

BOOST_AUTO_TEST_SUITE(team)

BOOST_AUTO_TEST_CASE(calls_each_piece_once_whatever_the_sizes) {
    for (const int threads : {1, 2, 3, 7}) {
        ThreadPool team(threads);
        for (const Index chunks : {0, 1, 2, 5, 7, 100, 1000}) check_each_piece_once(team, chunks);
    }
}

BOOST_AUTO_TEST_CASE(serves_many_small_jobs_in_a_row) {
    ThreadPool team(7); // more than there are cores: workers come late to a job, or miss it
    std::atomic<Index> sum{0};
    for (int job = 0; job < 20000; ++job) team.run(3, [&](Index chunk) { sum += chunk + 1; });
    BOOST_TEST(sum == 20000 * 6);
}

BOOST_AUTO_TEST_CASE(changes_its_size_between_jobs) {
    ThreadPool team(2);
    for (const int threads : {3, 1, 7, 2}) {
        team.resize(threads);
        BOOST_TEST(team.threads() == threads);
        check_each_piece_once(team, 50);
    }
    BOOST_CHECK_THROW(team.resize(0), std::invalid_argument);
    check_each_piece_once(team, 50);
}

BOOST_AUTO_TEST_CASE(does_a_job_within_a_job) {
    ThreadPool team(3);
    std::atomic<int> calls{0};
    team.run(4, [&](Index) { team.run(5, [&](Index) { ++calls; }); });
    BOOST_TEST(calls == 20);
}

BOOST_AUTO_TEST_CASE(serves_two_callers_at_once) {
    ThreadPool team(3);
    const auto call = [&] {
        for (int job = 0; job < 200; ++job) check_each_piece_once(team, 20);
    };
    // Boost.Test's checks are not for several threads at once: the second caller only counts.
    std::atomic<Index> sum{0};
    std::thread second([&] {
        for (int job = 0; job < 2000; ++job) team.run(10, [&](Index chunk) { sum += chunk; });
    });
    call();
    second.join();
    BOOST_TEST(sum == 2000 * 45);
}

BOOST_AUTO_TEST_SUITE_END()
