// OpenMP's threads, where the library runs on them. threads/exceptions.sh compiles this file both with and
// without OpenMP.

#include <ctgan/backend/cpu.hpp>
#include <ctgan/backend/cpu/process_threads.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#if CTGAN_OPENMP
#    include <omp.h>
#endif
#if defined(__unix__)
#    include <sys/wait.h>
#    include <unistd.h>
#endif

using namespace ctgan;

namespace {

struct WithThreadsRestored {
    int before = cpu::threads();
    ~WithThreadsRestored() { cpu::set_threads(before); }
};

/// How many of the loop's chunks did not run exactly once.
int wrong_chunks(Index chunks) {
    std::vector<std::atomic<int>> calls(static_cast<std::size_t>(chunks));
    cpu::parallel_for(chunks, [&](Index chunk) { ++calls[static_cast<std::size_t>(chunk)]; });
    int wrong = 0;
    for (const auto& count : calls) wrong += count != 1;
    return wrong;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(regions, WithThreadsRestored)

BOOST_AUTO_TEST_CASE(loops_within_a_region_run_each_chunk_once) {
    for (const int threads : {1, 2, 3, 7}) {
        cpu::set_threads(threads);
        for (int call = 0; call < 20; ++call) {
            const int wrong = Cpu::in_region([] {
                int sum = wrong_chunks(1000) + wrong_chunks(1) + wrong_chunks(0);
                Cpu::in_region([&] { sum += wrong_chunks(100) + wrong_chunks(3); });
                return sum;
            });
            BOOST_TEST(wrong == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_a_region) {
    cpu::set_threads(3);
    const auto call = [](bool throws) {
        Cpu::in_region([&] {
            for (int loop = 0; loop < 3; ++loop) cpu::parallel_for(10, [](Index) {});
            if (throws) throw std::runtime_error("of the body");
        });
    };
    call(false); // the next call knows that there are several loops
    for (int again = 0; again < 3; ++again) BOOST_CHECK_THROW(call(true), std::runtime_error);
    BOOST_CHECK_THROW(
        Cpu::in_region([] { cpu::parallel_for(10, [](Index) { throw std::runtime_error("of a chunk"); }); }),
        std::runtime_error);
    BOOST_TEST(Cpu::in_region([] { return wrong_chunks(100); }) == 0);
}

BOOST_AUTO_TEST_CASE(two_threads_of_the_program_have_regions_at_the_same_time) {
    cpu::set_threads(3);
    std::atomic<int> wrong{0};
    const auto call = [&] {
        for (int step = 0; step < 300; ++step)
            Cpu::in_region([&] {
                for (int loop = 0; loop < 5; ++loop) wrong += wrong_chunks(20);
            });
    };
    std::thread second(call);
    call();
    second.join();
    BOOST_TEST(wrong == 0);
}

#if CTGAN_OPENMP

namespace {

/// Calls a body of so many loops twice, in the same place. Whether the second call is in a parallel region.
bool in_parallel_region(int loops) {
    bool in_parallel = false;
    for (int call = 0; call < 2; ++call) {
        cpu::set_threads(cpu::threads()); // threads that were late may take part again
        Cpu::in_region([&] {
            for (int loop = 0; loop < loops; ++loop) cpu::parallel_for(10, [](Index) {});
            in_parallel = omp_in_parallel();
        });
    }
    return in_parallel;
}

/// The threads that run the chunks of a loop which is long enough for all of them.
std::set<std::thread::id> threads_of_loop() {
    std::vector<std::thread::id> ids(40);
    cpu::parallel_for(40, [&](Index chunk) {
        ids[static_cast<std::size_t>(chunk)] = std::this_thread::get_id();
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    });
    return {ids.begin(), ids.end()};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_body_of_several_loops_is_one_parallel_region) {
    cpu::set_threads(2);
    BOOST_TEST(in_parallel_region(2));
    cpu::set_threads(2);
    BOOST_TEST(in_parallel_region(30));
    cpu::set_threads(1);
    BOOST_TEST(!in_parallel_region(30));
}

BOOST_AUTO_TEST_CASE(both_threads_stay_if_one_waits_for_a_long_chunk_of_the_other) {
    cpu::set_threads(2);
    constexpr int regions = 40;
    int with_both = 0;
    for (int region = 0; region < regions; ++region)
        Cpu::in_region([&] {
            std::mutex mutex;
            std::set<std::thread::id> threads;
            for (int loop = 0; loop < 2; ++loop)
                cpu::parallel_for(3, [&](Index) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(2));
                    const std::lock_guard lock(mutex);
                    threads.insert(std::this_thread::get_id());
                });
            with_both += threads.size() == 2;
        });
    BOOST_TEST(with_both >= regions / 2); // on a busy machine one may be late by itself
}

BOOST_AUTO_TEST_CASE(a_body_of_one_loop_is_none) {
    cpu::set_threads(2);
    BOOST_TEST(!in_parallel_region(0));
    BOOST_TEST(!in_parallel_region(1));
}

BOOST_AUTO_TEST_CASE(a_call_from_a_parallel_region_of_the_user_stays_on_its_thread) {
    cpu::set_threads(3);
    std::atomic<int> outside{0}, wrong{0}, threads{0};
    const int levels = omp_get_max_active_levels();
    omp_set_max_active_levels(2); // else OpenMP itself would see to it
#    pragma omp parallel num_threads(2)
    {
        ++threads;
        const std::set<std::thread::id> alone{std::this_thread::get_id()};
        outside += threads_of_loop() != alone;
        outside += Cpu::in_region([] { return threads_of_loop(); }) != alone;
        wrong += wrong_chunks(100);
    }
    omp_set_max_active_levels(levels);
    BOOST_TEST(threads == 2);
    BOOST_TEST(outside == 0);
    BOOST_TEST(wrong == 0);
    cpu::set_threads(3);
    BOOST_TEST(threads_of_loop().size() > 1);
}

#    if defined(__unix__)
BOOST_AUTO_TEST_CASE(a_child_process_computes_alone) {
    cpu::set_threads(3);
    BOOST_TEST(wrong_chunks(50) == 0);
    const pid_t child = fork();
    if (child == 0) {
        // No checks here, where Boost.Test's reports would be written twice. A child that hangs is ended.
        alarm(20);
        const auto works = [] {
            int wrong = wrong_chunks(50);
            for (int call = 0; call < 3; ++call)
                wrong += Cpu::in_region([] { return wrong_chunks(50) + wrong_chunks(50); });
            return wrong == 0 && cpu::threads() == 1;
        };
        bool good = works();
        cpu::set_threads(2);
        good = works() && good;
        _exit(good ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    BOOST_TEST(cpu::threads() == 3);
    BOOST_TEST(wrong_chunks(50) == 0);
}
#    endif

BOOST_AUTO_TEST_CASE(goes_on_alone_after_its_end) {
    cpu::OpenMpThreads threads(3);
    std::atomic<int> calls{0};
    const auto loop = [&] { threads.run(20, [&](Index) { ++calls; }); };
    loop();
    threads.finish();
    BOOST_TEST(threads.threads() == 1);
    loop();
    BOOST_TEST(calls == 40);
    BOOST_CHECK_THROW(threads.resize(0), std::invalid_argument);
}

#endif

BOOST_AUTO_TEST_SUITE_END()
