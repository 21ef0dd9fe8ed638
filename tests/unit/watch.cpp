#include <ctgan/gan/step_losses.hpp>
#include <ctgan/gan/variety.hpp>
#include <ctgan/gan/watch.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

/// Figures of a run that goes well.
WatchFigures good() {
    return {.losses = {0.5, 0.3}, .generated = {0.7, 0.4}, .real = {0.72, 0.38}, .gradient = 10};
}

/// The symptoms of the alarms that a watch gives.
std::vector<Symptom> seen(Watch& watch, const WatchFigures& figures) {
    std::vector<Symptom> all;
    for (const Alarm& alarm : watch.after("epoch 9", figures)) {
        BOOST_TEST(alarm.text.rfind("epoch 9: ", 0) == 0);
        BOOST_TEST(alarm.text.find("; try ") != std::string::npos);
        BOOST_TEST(alarm.text.find('\n') == std::string::npos);
        all.push_back(alarm.symptom);
    }
    return all;
}

/// Checks that figures give this alarm alone, once, that it is over when they are good again, and that it
/// then is new.
void check_symptom(Symptom symptom, const WatchFigures& bad, const WatchFigures& before = good()) {
    Watch watch;
    BOOST_TEST(seen(watch, before).empty());
    BOOST_TEST((seen(watch, bad) == std::vector{symptom}));
    BOOST_TEST(watch.sees(symptom));
    BOOST_TEST(!watch.sees_nothing());
    BOOST_TEST(watch.sees_collapse() ==
               (symptom == Symptom::mode_collapse || symptom == Symptom::not_finite));
    BOOST_TEST(seen(watch, bad).empty());
    BOOST_TEST(watch.sees(symptom));
    BOOST_TEST(seen(watch, before).empty());
    BOOST_TEST(watch.sees_nothing());
    BOOST_TEST(!watch.sees_collapse());
    BOOST_TEST((seen(watch, bad) == std::vector{symptom}));
    watch.went_back();
    BOOST_TEST(watch.sees_nothing());
    BOOST_TEST((seen(watch, bad) == std::vector{symptom}));
}

/// An epoch of a run: losses, distances of 64 generated pictures relative to those of real ones, norm of the
/// generator's gradient, scores of 1000 digits.
struct Epoch {
    double d_loss, g_loss, mean, nearest, gradient, kid, coverage;
};

/// The symptoms of a recorded run, and the epoch of the first.
struct Seen {
    std::vector<Symptom> symptoms;
    int first_epoch = 0;
};
Seen seen_in(const std::vector<Epoch>& run) {
    Watch watch;
    Seen all;
    int number = 0;
    for (const Epoch& epoch : run) {
        ++number;
        for (const Symptom symptom : seen(watch, {.losses = {epoch.d_loss, epoch.g_loss},
                                                 .generated = {epoch.mean, epoch.nearest},
                                                 .real = {1, 1},
                                                 .gradient = epoch.gradient,
                                                 .kernel_distance = epoch.kid,
                                                 .coverage = epoch.coverage})) {
            if (all.symptoms.empty()) all.first_epoch = number;
            all.symptoms.push_back(symptom);
        }
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(variety_is_the_distance_of_pictures) {
    // Three pictures of two values: distances sqrt(8 / 2), sqrt(2 / 2), sqrt(2 / 2).
    const std::vector<float> values{0, 0, 2, 2, 1, 1};
    const Variety v = variety(std::span(values), 3);
    BOOST_TEST(v.mean == (2 + 1 + 1) / 3.0, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(v.nearest == 1);
    const std::vector<double> equal(20, 0.5);
    BOOST_TEST(variety(std::span(equal), 5).mean == 0);
    BOOST_TEST(variety(std::span(equal), 5).nearest == 0);
    // Two kinds of pictures: the mean does not see that there are only two.
    const std::vector<float> two{1, 1, -1, 1, -1, -1};
    BOOST_TEST(variety(std::span(two), 6).mean == 2 * 9 / 15.0, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(variety(std::span(two), 6).nearest == 0);
    BOOST_CHECK_THROW(variety(std::span(values), 1), std::invalid_argument);
    BOOST_CHECK_THROW(variety(std::span(values), 4), std::invalid_argument);
    BOOST_CHECK_THROW(variety(std::span<const float>(), 2), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(each_symptom_is_seen_once) {
    WatchFigures bad = good();
    bad.losses = {0.14, 0.9};
    check_symptom(Symptom::discriminator_dominates, bad);
    bad.losses = {1.2, 0.1};
    check_symptom(Symptom::generator_dominates, bad);
    // Both losses are high: nobody dominates.
    bad.losses = {1.5, 1.2};
    Watch both;
    for (int i = 0; i < 3; ++i) BOOST_TEST(seen(both, bad).empty());
    bad = good();
    bad.gradient = 0.09;
    check_symptom(Symptom::vanishing_gradients, bad);
    bad = good();
    bad.generated.nearest = 0.18;
    check_symptom(Symptom::mode_collapse, bad);
    bad = good();
    bad.generated.mean = 0.35;
    check_symptom(Symptom::mode_collapse, bad);
}

BOOST_AUTO_TEST_CASE(scores_fall_when_half_of_the_gain_is_lost) {
    const auto scored = [](double kid, double coverage) {
        WatchFigures figures = good();
        figures.kernel_distance = kid;
        figures.coverage = coverage;
        return figures;
    };
    Watch watch;
    BOOST_TEST(seen(watch, scored(400, 0.03)).empty());
    BOOST_TEST(seen(watch, scored(300, 0.2)).empty());
    BOOST_TEST(seen(watch, scored(349, 0.2)).empty());
    BOOST_TEST(seen(watch, good()).empty()); // not scored
    BOOST_TEST((seen(watch, scored(351, 0.2)) == std::vector{Symptom::falling_scores}));
    BOOST_TEST(seen(watch, scored(380, 0.2)).empty());
    BOOST_TEST(seen(watch, scored(310, 0.2)).empty());
    BOOST_TEST(watch.sees_nothing());
    BOOST_TEST((seen(watch, scored(300, 0.09)) == std::vector{Symptom::falling_scores}));
    // One that stays near the line is not new each time.
    Watch wavering;
    std::size_t alarms = 0;
    for (const double kid : {400., 300., 349., 351., 349., 351., 349., 351.})
        alarms += seen(wavering, scored(kid, 0.2)).size();
    BOOST_TEST(alarms == 1);
    // Figures that are good from the start differ by chance.
    for (const auto& kids :
         {std::vector<double>{12, 10, 11.5, 10, 11.5}, {-1, -0.5, -2}, {0, -3, 1}, {-200, -210, -204}}) {
        Watch good_from_the_start;
        for (const double kid : kids) BOOST_TEST(seen(good_from_the_start, scored(kid, 0.9)).empty());
    }
    // A first distance of 0 is one.
    Watch from_zero;
    BOOST_TEST(seen(from_zero, scored(0, 0.9)).empty());
    BOOST_TEST(seen(from_zero, scored(-100, 0.9)).empty());
    BOOST_TEST((seen(from_zero, scored(-40, 0.9)) == std::vector{Symptom::falling_scores}));
    // Of 26 pictures two are covered, or none: that is chance. Of 2,000, it is not.
    for (const std::int64_t count : {26, 2000}) {
        Watch few;
        WatchFigures two = scored(400, 2 / 26.), none = scored(400, 0);
        two.scored = none.scored = count;
        BOOST_TEST(seen(few, two).empty());
        BOOST_TEST(seen(few, none).size() == (count == 26 ? 0U : 1U));
    }
    // A distance that has hardly gained anything has nothing to lose.
    Watch slow;
    for (const double kid : {400., 390., 370., 399., 401.}) BOOST_TEST(seen(slow, scored(kid, 0.03)).empty());
}

BOOST_AUTO_TEST_CASE(what_an_untrained_network_does_is_no_symptom) {
    WatchFigures first = good();
    first.losses = {1.4, 0.1};
    first.generated = {0.1, 0.05};
    Watch watch;
    BOOST_TEST(seen(watch, first).empty());
    const std::vector both{Symptom::generator_dominates, Symptom::mode_collapse};
    BOOST_TEST((seen(watch, first) == both));
    // Nor after going back to an untrained network.
    watch.went_back();
    BOOST_TEST((seen(watch, first) == both));
    watch.went_back(true);
    BOOST_TEST(seen(watch, first).empty());
    BOOST_TEST((seen(watch, first) == both));
}

BOOST_AUTO_TEST_CASE(a_figure_near_the_line_is_not_new_each_time) {
    WatchFigures bad = good(), near_it = good();
    bad.generated.nearest = 0.49 * 0.38;
    near_it.generated.nearest = 0.55 * 0.38;
    Watch watch;
    BOOST_TEST(seen(watch, good()).empty());
    BOOST_TEST(seen(watch, bad).size() == 1);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(seen(watch, near_it).empty());
        BOOST_TEST(watch.sees(Symptom::mode_collapse));
        BOOST_TEST(seen(watch, bad).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_figure_that_is_not_finite_is_a_symptom_and_is_not_kept) {
    const double nan = std::numeric_limits<double>::quiet_NaN(),
                 inf = std::numeric_limits<double>::infinity();
    std::vector<WatchFigures> all(9, good());
    all[0].losses.discriminator = nan;
    all[1].losses.generator = inf;
    all[2].generated.mean = nan;
    all[3].generated.nearest = nan;
    all[4].gradient = inf;
    all[5].kernel_distance = nan;
    all[5].coverage = 0.5;
    all[6].kernel_distance = 10;
    all[6].coverage = nan;
    all[7].real.nearest = nan;
    all[8].real.mean = inf;
    for (const WatchFigures& bad : all) {
        check_symptom(Symptom::not_finite, bad);
        // From the first interval on, and the state can be restored.
        Watch watch;
        BOOST_TEST((seen(watch, bad) == std::vector{Symptom::not_finite}));
        Watch other;
        other.restore(watch.state());
        BOOST_TEST(seen(other, bad).empty());
    }
}

BOOST_AUTO_TEST_CASE(equal_real_pictures_and_other_objectives_are_not_compared) {
    WatchFigures figures = good();
    figures.generated = figures.real = {0, 0};
    figures.losses = {-3, 5};
    Watch watch({.even_loss = 0});
    BOOST_TEST(seen(watch, figures).empty());
    BOOST_TEST(seen(watch, figures).empty());
}

BOOST_AUTO_TEST_CASE(a_watch_with_the_state_of_another_sees_the_same) {
    WatchFigures bad = good();
    bad.generated.nearest = 0.1;
    bad.kernel_distance = 400;
    bad.coverage = 0.03;
    Watch one;
    for (const auto& figures : {good(), bad}) static_cast<void>(one.after("epoch 1", figures));
    Watch other;
    other.restore(one.state());
    BOOST_TEST(seen(other, bad).empty());
    bad.gradient = 0.05;
    BOOST_TEST((seen(one, bad) == std::vector{Symptom::vanishing_gradients}));
    BOOST_TEST((seen(other, bad) == std::vector{Symptom::vanishing_gradients}));
    BOOST_TEST(std::vector(one.state().begin(), one.state().end()) ==
                   std::vector(other.state().begin(), other.state().end()),
               boost::test_tools::per_element());
    const std::vector<double> few(Watch::state_size - 1);
    BOOST_CHECK_THROW(other.restore(few), std::invalid_argument);
    std::vector<double> wrong(Watch::state_size);
    wrong.back() = std::numeric_limits<double>::quiet_NaN();
    BOOST_CHECK_THROW(other.restore(wrong), std::invalid_argument);
    BOOST_CHECK_THROW(Watch({.alike = -1}), std::invalid_argument);
}

// Recorded on the 10,000 digits that are shipped, with the runs of tests/watch/run.sh: the reference with
// batches of 4 and 32, and its half with batches of 16 and 8 and two seeds each.
BOOST_AUTO_TEST_CASE(healthy_runs_have_no_symptoms) {
    const std::vector<std::vector<Epoch>> runs{{{0.76831, 0.54558, 1.53, 2.05, 90.24, 401.72, 0.03},
                                                {0.53515, 0.5551, 1.473, 1.947, 75.18, 393.42, 0.038},
                                                {0.57084, 0.46376, 1.227, 1.545, 55.08, 384.17, 0.058}},
                                               {{0.8072, 0.50448, 1.507, 2.019, 21.62, 399.37, 0.031},
                                                {0.55886, 0.49237, 1.406, 1.848, 18.34, 389.71, 0.04},
                                                {0.55864, 0.43559, 1.162, 1.479, 15.51, 383.13, 0.054},
                                                {0.58784, 0.39242, 1.074, 1.267, 13.08, 369.3, 0.083}},
                                               {{0.93101, 0.54805, 1.367, 1.829, 24.86, 400.52, 0.025},
                                                {0.72519, 0.38839, 1.307, 1.728, 20.13, 398.59, 0.03},
                                                {0.64101, 0.41643, 1.12, 1.448, 17.03, 398.88, 0.041},
                                                {0.65767, 0.36734, 0.9285, 1.169, 13.97, 395.29, 0.047},
                                                {0.61916, 0.36954, 0.9343, 1.123, 11.45, 375.65, 0.074}},
                                               {{0.97476, 0.58101, 1.376, 1.837, 23.33, 401.29, 0.024},
                                                {0.65549, 0.41668, 1.308, 1.722, 18.87, 396.13, 0.034},
                                                {0.61396, 0.41354, 1.093, 1.398, 15.91, 395.16, 0.045},
                                                {0.65189, 0.35567, 0.8894, 1.105, 13, 401.32, 0.047},
                                                {0.6122, 0.33685, 0.9154, 1.11, 10.57, 383.5, 0.071}},
                                               {{0.95963, 0.63664, 1.381, 1.853, 42.85, 400.94, 0.027},
                                                {0.79304, 0.38841, 1.355, 1.808, 33.69, 399.64, 0.025},
                                                {0.67427, 0.4042, 1.295, 1.708, 28.99, 396.23, 0.03},
                                                {0.64208, 0.41034, 1.139, 1.476, 24.53, 398.54, 0.042},
                                                {0.67088, 0.37885, 0.9806, 1.246, 20.04, 396.97, 0.052}},
                                               {{1.01, 0.68089, 1.395, 1.868, 40.42, 400.23, 0.023},
                                                {0.73642, 0.38389, 1.36, 1.805, 30.58, 400.49, 0.026},
                                                {0.60968, 0.45532, 1.291, 1.697, 26.98, 397.89, 0.033},
                                                {0.60983, 0.44366, 1.104, 1.415, 23.34, 398.74, 0.043},
                                                {0.65401, 0.37376, 0.9337, 1.174, 18.65, 402.18, 0.042}}};
    for (const auto& run : runs) BOOST_TEST(seen_in(run).symptoms.empty());
}

// The same half of the reference with batches of 4 and a rate of the generator that is thirty times too high:
// as it is, without dropout, and with a latent space of 2.
BOOST_AUTO_TEST_CASE(collapsed_runs_are_seen_within_two_epochs) {
    const std::vector<std::vector<Epoch>> runs{{{1.3468, 0.29426, 1.013, 1.262, 22.33, 405.07, 0.027},
                                                {1.1013, 0.24099, 0.4321, 0.5242, 7.709, 402.75, 0.011},
                                                {0.843, 0.25071, 0.222, 0.2511, 2.92, 405.01, 0.013}},
                                               {{1.2218, 0.18676, 0.7894, 0.9958, 19.95, 397.9, 0.022},
                                                {0.93309, 0.035315, 0.1962, 0.2299, 5.632, 414.87, 0.009},
                                                {0.64645, 0.11904, 0.09471, 0.1028, 1.845, 432.03, 0.005}},
                                               {{1.4744, 0.22986, 1.263, 0.4097, 3.526, 394.83, 0.014},
                                                {1.1713, 0.19654, 1.14, 0.362, 1.899, 385.5, 0.021},
                                                {1.0187, 0.22006, 0.801, 0.2336, 1.223, 371.12, 0.021}}};
    for (const auto& run : runs) {
        const Seen all = seen_in(run);
        BOOST_TEST(all.first_epoch == 2);
        BOOST_TEST(std::count(all.symptoms.begin(), all.symptoms.end(), Symptom::mode_collapse) == 1);
    }
}
