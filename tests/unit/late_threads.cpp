// When a team does without a thread that comes late, on a clock of the test's own.

#include <ctgan/backend/cpu/late_threads.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>

using ctgan::cpu::LateThreads;
using namespace std::chrono_literals;

namespace {

constexpr int wanted = 4;

struct Team {
    LateThreads late;
    LateThreads::Clock::time_point now{1h};

    /// How many threads the next region has, after `passed` more time.
    int threads(LateThreads::Clock::duration passed = 0ms) { return late.worth(wanted, now += passed); }
    /// A region that takes so long, and waits for so much of it.
    void region(LateThreads::Seconds took, LateThreads::Seconds waited) {
        late.arrived(threads(), wanted, took, waited, now);
    }
    void regions(int count, LateThreads::Seconds took, LateThreads::Seconds waited) {
        for (int region_number = 0; region_number < count; ++region_number) region(took, waited);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(late_threads)

BOOST_AUTO_TEST_CASE(a_single_wait_costs_no_thread) {
    Team team;
    team.region(8ms, 7ms);
    BOOST_TEST(team.threads() == wanted);
}

// Of a region that takes 8 ms with four threads, three do the work of 7 ms in 9.33 ms, and that of 5.9 ms
// in 7.87.
BOOST_AUTO_TEST_CASE(a_thread_that_saves_more_than_it_costs_stays) {
    Team team;
    team.regions(1000, 8ms, 1ms);
    BOOST_TEST(team.threads() == wanted);
    team.regions(1000, 8ms, 2.1ms);
    BOOST_TEST(team.threads() < wanted);
}

BOOST_AUTO_TEST_CASE(short_waits_do_not_count) {
    Team team;
    team.regions(1000, 1us, 0.9us); // much of the time, but not long
    BOOST_TEST(team.threads() == wanted);
}

BOOST_AUTO_TEST_CASE(a_late_thread_stays_away_for_a_while) {
    Team team;
    team.regions(100, 8ms, 7ms);
    const int without = wanted - team.threads();
    BOOST_TEST(without >= 1);
    BOOST_TEST(team.threads(LateThreads::longest_pause) == wanted - without + 1);
}

/// A team that has just done without a thread for the first time.
static Team first_pause() {
    Team team;
    while (team.threads() == wanted) team.region(8ms, 7ms);
    return team;
}

BOOST_AUTO_TEST_CASE(who_is_late_again_stays_away_for_longer_up_to_a_limit) {
    Team team = first_pause();
    auto pause = LateThreads::shortest_pause;
    for (int tries = 0; tries < 10; ++tries) {
        BOOST_TEST(team.threads(pause - 1ms) == wanted - 1);
        BOOST_TEST(team.threads(1ms) == wanted);
        team.region(8ms, 7ms); // after a pause, one is enough
        BOOST_TEST(team.threads() == wanted - 1);
        pause = (std::min)(2 * pause, LateThreads::longest_pause);
    }
    BOOST_TEST((pause == LateThreads::longest_pause));
}

BOOST_AUTO_TEST_CASE(who_is_always_late_is_tried_less_and_less_often) {
    LateThreads late;
    int tries = 0;
    for (int ms = 0; ms < 10000; ++ms) {
        const LateThreads::Clock::time_point now{std::chrono::milliseconds(ms)};
        const int threads = late.worth(2, now);
        tries += threads == 2;
        late.arrived(threads, 2, 1ms, threads == 2 ? 0.9ms : 0ms, now);
    }
    BOOST_TEST(tries > 20);
    BOOST_TEST(tries < 100); // about 60 until the first pause, 15 afterward
}

BOOST_AUTO_TEST_CASE(who_comes_in_time_for_a_while_is_trusted_again) {
    Team team = first_pause();
    team.threads(LateThreads::shortest_pause);
    team.region(8ms, 7ms);
    team.threads(2 * LateThreads::shortest_pause);
    team.regions(100, 8ms, 0ms);
    while (team.threads() == wanted) team.region(8ms, 7ms);
    BOOST_TEST(team.threads(LateThreads::shortest_pause) == wanted);
}

BOOST_AUTO_TEST_CASE(at_least_one_thread_remains) {
    Team team;
    team.regions(1000, 8ms, 7.9ms);
    BOOST_TEST(team.threads() == 1);
    BOOST_TEST(team.threads(LateThreads::longest_pause) == 2); // they come back one by one
}

BOOST_AUTO_TEST_SUITE_END()
