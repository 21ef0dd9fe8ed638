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
    void region(LateThreads::Clock::duration wait) { late.arrived(threads(), wanted, wait, now); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(late_threads)

BOOST_AUTO_TEST_CASE(one_late_arrival_has_no_consequence) {
    Team team;
    for (int step = 0; step < 5; ++step) {
        team.region(3ms);
        BOOST_TEST(team.threads(LateThreads::interval) == wanted);
    }
}

BOOST_AUTO_TEST_CASE(a_short_wait_is_not_late) {
    Team team;
    for (int step = 0; step < 5; ++step) team.region(LateThreads::late);
    BOOST_TEST(team.threads() == wanted);
}

BOOST_AUTO_TEST_CASE(two_at_short_intervals_cost_a_thread_for_a_while) {
    Team team;
    team.region(3ms);
    team.region(3ms);
    BOOST_TEST(team.threads() == wanted - 1);
    BOOST_TEST(team.threads(LateThreads::shortest_pause - 1ms) == wanted - 1);
    BOOST_TEST(team.threads(1ms) == wanted);
}

BOOST_AUTO_TEST_CASE(who_is_late_again_stays_away_for_longer_up_to_a_limit) {
    Team team;
    team.region(3ms);
    auto pause = LateThreads::shortest_pause;
    for (int tries = 0; tries < 10; ++tries) {
        team.region(3ms);
        BOOST_TEST(team.threads(pause - 1ms) == wanted - 1);
        BOOST_TEST(team.threads(1ms) == wanted);
        pause = (std::min)(2 * pause, LateThreads::longest_pause);
    }
    BOOST_TEST((pause == LateThreads::longest_pause));
}

BOOST_AUTO_TEST_CASE(who_comes_in_time_is_trusted_again) {
    Team team;
    team.region(3ms);
    team.region(3ms);
    team.threads(LateThreads::shortest_pause);
    team.region(0ms);
    BOOST_TEST(team.threads(LateThreads::interval) == wanted);
    team.region(3ms);
    BOOST_TEST(team.threads() == wanted); // the first for a long time
}

BOOST_AUTO_TEST_CASE(at_least_one_thread_remains) {
    Team team;
    for (int step = 0; step < 20; ++step) team.region(3ms);
    BOOST_TEST(team.threads() == 1);
    BOOST_TEST(team.threads(LateThreads::longest_pause) == 2); // they come back one by one
}

BOOST_AUTO_TEST_SUITE_END()
