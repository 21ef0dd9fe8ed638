#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/process_threads.hpp>
#include <ctgan/backend/cpu/thread_pool.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cfenv>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#if defined(__unix__)
#    include <sys/wait.h>
#    include <unistd.h>
#endif

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

BOOST_AUTO_TEST_CASE(goes_on_alone_after_its_end) {
    ThreadPool pool(3);
    check_each_chunk_once(pool, 20);
    pool.finish();
    BOOST_TEST(pool.threads() == 1);
    check_each_chunk_once(pool, 20);
}

#if defined(__x86_64__) || defined(__aarch64__)
BOOST_AUTO_TEST_CASE(its_threads_compute_as_their_caller) {
    ThreadPool pool(3);
    const int before = std::fegetround();
    // Volatile, or the compiler divides. (fegetround() would tell another unit's mode on x86-64.)
    const auto third = [] {
        const volatile double one = 1, three = 3;
        return one / three;
    };
    for (const int rounding : {FE_UPWARD, FE_DOWNWARD, FE_TONEAREST}) {
        std::fesetround(rounding);
        const double expected = third();
        std::atomic<int> others{0};
        pool.run(300, [&](Index) {
            others += third() != expected;
            std::this_thread::sleep_for(std::chrono::microseconds(20)); // so that all threads take part
        });
        std::fesetround(before);
        BOOST_TEST(others == 0);
    }
}
#endif

BOOST_AUTO_TEST_CASE(a_serial_scope_keeps_its_thread_alone) {
    ctgan::cpu::set_threads(3);
    const auto threads_of_loop = [] {
        const auto self = std::this_thread::get_id();
        std::atomic<int> others{0};
        ctgan::cpu::parallel_for(50, [&](Index) {
            others += std::this_thread::get_id() != self;
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        });
        return others.load();
    };
    {
        const ctgan::cpu::SerialScope alone;
        const ctgan::cpu::SerialScope nested;
        BOOST_TEST(threads_of_loop() == 0);
        std::thread other([&] { BOOST_TEST(!ctgan::cpu::SerialScope::active()); });
        other.join();
    }
    BOOST_TEST(threads_of_loop() > 0);
}

#if defined(__unix__)
BOOST_AUTO_TEST_CASE(a_child_process_starts_threads_of_its_own) {
    // Not necessarily those that the backend uses.
    auto& pool = ctgan::cpu::threads_of_process<ThreadPool>();
    pool.resize(3);
    check_each_chunk_once(pool, 50);
    const pid_t child = fork();
    if (child == 0) {
        // No checks here, where Boost.Test's reports would be written twice. A child that hangs is ended.
        alarm(20);
        std::atomic<int> calls{0};
        const auto loop = [&] { pool.run(50, [&](Index) { ++calls; }); };
        bool good = pool.threads() == 3;
        loop();
        good = good && pool.threads() == 3;
        pool.resize(2);
        loop();
        _exit(good && calls == 100 && pool.threads() == 2 ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    check_each_chunk_once(pool, 50);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
