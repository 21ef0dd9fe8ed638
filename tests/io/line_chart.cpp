#include <ctgan/plot/line_chart.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <clocale>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using ctgan::plot::Axis;
using ctgan::plot::Chart;
using ctgan::plot::make_axis;
using ctgan::plot::render_svg;
using ctgan::plot::write_svg;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
    return found;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// Whether elements are properly nested, attributes are quoted, and every `&` begins an entity. This part of
/// XML is enough for the output of render_svg.
bool is_well_formed(std::string_view text) {
    std::vector<std::string_view> open;
    std::size_t at = 0;
    while ((at = text.find_first_of("<&", at)) != text.npos) {
        if (text[at] == '&') {
            const auto end = text.find(';', at);
            if (end == text.npos || end - at > 6) return false;
            at = end;
            continue;
        }
        const auto end = text.find('>', at);
        if (end == text.npos) return false;
        const std::string_view tag = text.substr(at + 1, end - at - 1);
        if (count(tag, "\"") % 2 != 0 || contains(tag, "<")) return false;
        const std::string_view name = tag.substr(0, tag.find_first_of(" /", 1));
        if (tag[0] == '/') {
            if (open.empty() || open.back() != tag.substr(1)) return false;
            open.pop_back();
        } else if (tag.back() != '/') {
            open.push_back(name);
        }
        at = end;
    }
    return open.empty();
}

Chart two_losses(std::vector<double> d, std::vector<double> g) {
    std::vector<double> x;
    for (std::size_t i = 1; i <= d.size(); ++i) x.push_back(static_cast<double>(i));
    return {"Loss",
            "epoch",
            "mean loss",
            {{"discriminator", x, d}, {"generator", x, g}},
            {{0.25, "equilibrium 0.25"}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(svg)

BOOST_AUTO_TEST_CASE(axes_have_ticks_at_round_numbers) {
    const struct {
        std::vector<double> values;
        ctgan::plot::AxisStyle style;
        std::vector<std::string> labels;
    } cases[]{
        {{1, 20},
         {.max_intervals = 10, .whole_numbers = true},
         {"2", "4", "6", "8", "10", "12", "14", "16", "18", "20"}},
        {{1, 3}, {.max_intervals = 10, .whole_numbers = true}, {"1", "2", "3"}},
        {{5}, {.whole_numbers = true}, {"4", "5", "6"}},
        {{0, 0.69}, {.round_ends = true}, {"0.0", "0.2", "0.4", "0.6", "0.8"}},
        {{-0.011, 0.032}, {.round_ends = true}, {"-0.02", "-0.01", "0.00", "0.01", "0.02", "0.03", "0.04"}},
        {{0, 3e-9}, {.round_ends = true}, {"0", "5e-10", "1e-09", "1.5e-09", "2e-09", "2.5e-09", "3e-09"}},
        {{0, 4e12}, {.round_ends = true}, {"0", "1e+12", "2e+12", "3e+12", "4e+12"}},
        {{0, 300000}, {}, {"0", "50000", "100000", "150000", "200000", "250000", "300000"}},
        {{2, not_a_number, 4, infinity, -infinity, 1e300}, {.max_intervals = 2}, {"2", "3", "4"}},
        {{}, {.max_intervals = 2}, {"0.0", "0.5", "1.0"}},
    };
    for (const auto& expected : cases)
        BOOST_TEST(make_axis(expected.values, expected.style).labels == expected.labels,
                   boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(axes_of_extreme_ranges_stay_finite_and_small) {
    for (const auto& values : std::vector<std::vector<double>>{{-1e100, 1e100},
                                                               {1e15, 1e15 + 1},
                                                               {7, 7},
                                                               {0, 1e-300},
                                                               {5e-324, 5e-324},
                                                               {1e99, 1e99},
                                                               {-3, -3}}) {
        const Axis axis = make_axis(values, {.round_ends = true});
        BOOST_TEST(std::isfinite(axis.position(values[0])));
        BOOST_TEST(axis.low < axis.high);
        BOOST_TEST(axis.ticks.size() <= 12u);
        BOOST_TEST(axis.ticks.size() >= 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_chart_has_all_its_parts) {
    const std::string text = render_svg(two_losses({0.5, 0.4, 0.3}, {0.2, 0.3, 0.9}));
    BOOST_TEST(is_well_formed(text));
    BOOST_TEST(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    BOOST_TEST(count(text, "<polyline") == 2u);
    BOOST_TEST(count(text, "<circle") == 6u);
    BOOST_TEST(count(text, "stroke-dasharray") == 1u);
    for (const char* part : {">Loss<", ">epoch<", ">mean loss<", ">discriminator<", ">generator<",
                             ">equilibrium 0.25<", ">0.0<", ">1.0<", ">3<", "fill=\"#ffffff\""})
        BOOST_TEST(contains(text, part), "no " << part);
    BOOST_TEST(count(text, "http") == 1u, "the SVG must refer to no URL but its own namespace");
}

BOOST_AUTO_TEST_CASE(points_are_placed_according_to_the_axes) {
    // Without marks the plot area is x 76 to 776 and y 84 (top) to 390.
    const std::string text = render_svg({"", "", "", {{"a", {0, 5, 10}, {0, 1, 0.5}}}});
    BOOST_TEST(contains(text, "points=\"76,390 426,84 776,237\""));
}

BOOST_AUTO_TEST_CASE(a_single_point_is_a_dot) {
    const std::string text = render_svg(two_losses({0.5}, {0.25}));
    BOOST_TEST(is_well_formed(text));
    BOOST_TEST(count(text, "<circle") == 2u);
    BOOST_TEST(count(text, "<polyline") == 0u);
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite_leave_gaps) {
    const std::string text = render_svg(
        two_losses({0.5, 0.4, not_a_number, 0.3, infinity, 0.2, 0.1}, std::vector<double>(7, not_a_number)));
    BOOST_TEST(is_well_formed(text));
    BOOST_TEST(count(text, "<polyline") == 2u);
    BOOST_TEST(count(text, "<circle") == 5u);
    for (const char* part : {"nan", "inf"}) BOOST_TEST(!contains(text, part));
}

BOOST_AUTO_TEST_CASE(an_empty_chart_is_valid) {
    BOOST_TEST(is_well_formed(render_svg({"", "", ""})));
    BOOST_TEST(is_well_formed(render_svg({"Loss", "x", "y", {{"empty"}}, {{not_a_number, "nowhere"}}})));
}

BOOST_AUTO_TEST_CASE(text_is_escaped) {
    const std::string text =
        render_svg({"<script>\"&'\x01", "a<b", "c&d", {{"</svg>", {1}, {1}}}, {{1, "]]>"}}});
    BOOST_TEST(is_well_formed(text));
    BOOST_TEST(!contains(text, "<script"));
    BOOST_TEST(contains(text, "&lt;script&gt;&quot;&amp;&apos; <"));
}

BOOST_AUTO_TEST_CASE(very_long_curves_stay_small_and_keep_their_extremes) {
    Chart chart{"Loss", "step", "loss", {{"noisy"}}};
    for (int i = 0; i < 300000; ++i) {
        chart.curves[0].x.push_back(i);
        chart.curves[0].y.push_back(i == 123456 ? 8 : i == 234567 ? 0 : 3 + std::sin(i));
    }
    const std::string text = render_svg(chart);
    BOOST_TEST(is_well_formed(text));
    BOOST_TEST(text.size() < 100000u);
    BOOST_TEST(contains(text, ",84 "));
    BOOST_TEST(contains(text, ",390 "));
}

BOOST_AUTO_TEST_CASE(the_locale_does_not_change_the_numbers) {
    const Chart chart = two_losses({0.5, 0.4}, {0.2, 0.3});
    const std::string before = render_svg(chart);
    const std::string locale = std::setlocale(LC_ALL, nullptr);
    for (const char* german : {"de_DE.UTF-8", "de_DE", ""})
        if (std::setlocale(LC_ALL, german)) break;
    const std::string after = render_svg(chart);
    std::setlocale(LC_ALL, locale.c_str());
    BOOST_TEST(before == after);
}

BOOST_AUTO_TEST_CASE(labels_of_close_marks_do_not_overlap) {
    Chart chart = two_losses({0.5, 0.4, 0.3}, {0.2, 0.3, 0.9});
    chart.marks = {{0.25, "lower"}, {0.8, "first"}, {0.8, "second"}};
    const std::string text = render_svg(chart);
    const auto y_of_label = [&](const std::string& label) {
        const std::size_t end = text.find('>' + label + '<');
        BOOST_REQUIRE(end != std::string::npos);
        const std::size_t y = text.find(" y=\"", text.rfind("<text", end));
        return std::stod(text.substr(y + 4));
    };
    BOOST_TEST(y_of_label("second") == y_of_label("first") + 15);
    BOOST_TEST(y_of_label("lower") > y_of_label("second") + 15);
}

BOOST_AUTO_TEST_CASE(curves_with_more_x_than_y_are_refused) {
    BOOST_CHECK_THROW(render_svg({"", "", "", {{"a", {1, 2}, {1}}}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_file_contains_the_chart) {
    const test::TemporaryFolder folder;
    const Chart chart = two_losses({0.5, 0.4}, {0.2, 0.3});
    write_svg(folder.path() / "loss.svg", chart);
    BOOST_TEST(test::content(folder.path() / "loss.svg") == render_svg(chart));
}

BOOST_AUTO_TEST_SUITE_END()
