#include <ctgan/gan/step_losses.hpp>
#include <ctgan/gan/variety.hpp>
#include <ctgan/gan/watch.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
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
    BOOST_TEST(seen(watch, bad).empty());
    BOOST_TEST(watch.sees(symptom));
    BOOST_TEST(seen(watch, before).empty());
    BOOST_TEST(watch.sees_nothing());
    BOOST_TEST((seen(watch, bad) == std::vector{symptom}));
    watch.went_back();
    BOOST_TEST(watch.sees_nothing());
    BOOST_TEST((seen(watch, bad) == std::vector{symptom}));
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
    BOOST_TEST((seen(watch, first) == std::vector{Symptom::generator_dominates, Symptom::mode_collapse}));
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
