#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/plot/report.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace ctgan::plot;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
    return found;
}

/// What is between the first `begin` and the `end` that follows it.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto from = text.find(begin);
    if (from == text.npos) return "no " + begin;
    const auto start = from + begin.size();
    return text.substr(start, text.find(end, start) - start);
}

std::string data_of(const std::string& page) {
    return between(page, "<script type=\"application/json\" id=\"data\">", "</script>");
}

/// Bytes that no compression makes smaller, so that a size in the test is that of the page.
std::vector<std::byte> bytes(std::size_t size) {
    std::vector<std::byte> all(size);
    std::uint32_t state = 1;
    for (std::byte& one : all) one = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
    return all;
}

PictureSeries epochs(std::size_t number, std::size_t size) {
    PictureSeries series{"Samples", "Of the same noise.", {}};
    for (std::size_t i = 1; i <= number; ++i)
        series.pictures.push_back({"epoch " + std::to_string(i), bytes(size)});
    return series;
}

Report small_report() {
    return {
        .title = "Run",
        .summary = "A run.",
        .charts = {{"Loss", "epoch", "mean loss", {{"d", {1, 2}, {0.5, 0.25}}}, {{0.25, "equilibrium"}}}},
        .series = {epochs(3, 10)},
        .rows = {{"Best", "By confidence.", {{"0.99", bytes(7)}, {"0.98", bytes(8)}}}},
        .histograms = {{"Scores", "score", "share", "Of two sets.", {0, 0.5, 1}, {{"real", {0.25, 0.75}}}}},
        .tables = {{"Settings", {{"seed", "0"}}}},
        .this_run = {{"This run", {{"time", "0:01"}}}},
        .commands = {{"Repeat", "train --seed 0"}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(text_cannot_become_markup_or_end_the_script) {
    const std::string evil = "</script><!--<b>\"'&\\\n\x01\xe2\x80\xa8\xe2\x80\xa9";
    const Report shown{.title = evil,
                       .summary = evil,
                       .charts = {{evil, evil, evil, {{evil, {1}, {1}}}, {{1, evil}}}},
                       .series = {{evil, evil, {{evil, bytes(3)}}}},
                       .rows = {{evil, evil, {{evil, bytes(3)}}}},
                       .histograms = {{evil, evil, evil, evil, {0, 1}, {{evil, {1}}}}},
                       .tables = {{evil, {{evil, evil}}}},
                       .this_run = {{evil, {{evil, evil}}}},
                       .commands = {{evil, evil}}};
    const std::string page = render_report(shown);
    // Those of the page itself: the data and the script.
    BOOST_TEST(count(page, "<script") == 2U);
    BOOST_TEST(count(page, "</script>") == 2U);
    BOOST_TEST(count(page, "<!--") == 2U); // around this run
    BOOST_TEST(count(page, "<b>") == 0U);
    const std::string data = data_of(page);
    BOOST_TEST(!contains(data, "<"));
    BOOST_TEST(!contains(data, "\xe2\x80\xa8"));
    BOOST_TEST(!contains(data, "\xe2\x80\xa9"));
    BOOST_TEST(contains(data, R"("\u003c/script>\u003c!--\u003cb>\u0022'&\u005c\u000a\u0001\u2028\u2029")"));
    BOOST_TEST(contains(page, "<h1>&lt;/script&gt;&lt;!--&lt;b&gt;&quot;&apos;&amp;\\  "));
}

BOOST_AUTO_TEST_CASE(numbers_have_the_digits_of_the_same_double) {
    const std::vector<double> values{
        0.1,         1.0 / 3, -0.0,         5e-324,        std::numeric_limits<double>::max(),
        0.123456789, 1e21,    not_a_number, -not_a_number, infinity,
        -infinity};
    std::vector<double> x(values.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i + 1);
    const std::string page =
        render_report({.title = "Run", .charts = {{"Loss", "epoch", "loss", {{"d", x, values}}, {}}}});
    const std::string list = between(data_of(page), "\"y\":[", "]") + ",";
    std::size_t at = 0;
    for (const double value : values) {
        const auto end = list.find(',', at);
        BOOST_REQUIRE(end != list.npos);
        const std::string text = list.substr(at, end - at);
        at = end + 1;
        if (std::isfinite(value)) {
            const double read = std::stod(value == 5e-324 ? "0" : text);
            BOOST_TEST((value == 5e-324 ? text == "5e-324" : std::memcmp(&read, &value, sizeof read) == 0),
                       text);
        } else {
            BOOST_TEST(text == (std::isnan(value) ? "\"NaN\""
                                : value > 0       ? "\"Infinity\""
                                                  : "\"-Infinity\""));
        }
    }
    BOOST_TEST(at == list.size());
    BOOST_TEST(contains(data_of(page), "\"x\":[1,2,3,4,5,6,7,8,9,10,11]"));
}

BOOST_AUTO_TEST_CASE(pictures_are_base64) {
    // RFC 4648, section 10.
    const std::array<std::pair<std::string_view, std::string_view>, 6> cases{{{"f", "Zg=="},
                                                                              {"fo", "Zm8="},
                                                                              {"foo", "Zm9v"},
                                                                              {"foob", "Zm9vYg=="},
                                                                              {"fooba", "Zm9vYmE="},
                                                                              {"foobar", "Zm9vYmFy"}}};
    for (const auto& [text, expected] : cases) {
        const auto view = std::as_bytes(std::span(text.data(), text.size()));
        const std::string page = render_report(
            {.title = "Run", .rows = {{"Row", "", {{"it", std::vector(view.begin(), view.end())}}}}});
        BOOST_TEST(between(page, "data:image/png;base64,", "\"") == expected);
    }
}

BOOST_AUTO_TEST_CASE(the_page_loads_nothing_and_forbids_it) {
    const std::string page = render_report(small_report());
    BOOST_TEST(contains(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                              "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
                              "base-uri 'none'; form-action 'none'\">"));
    BOOST_TEST(count(page, "http") == 1U); // http-equiv
    for (const std::string_view part : {"<link", "@import", "url(", "import(", "fetch(", "//cdn", " href="})
        BOOST_TEST(!contains(page, part), part);
    BOOST_TEST(count(page, "src=") == count(page, "src=\"data:image/png;base64,"));
    // The policy stands before whatever it is about.
    BOOST_TEST(page.find("Content-Security-Policy") < page.find("<style"));
}

BOOST_AUTO_TEST_CASE(what_is_for_every_reader) {
    const std::string page = render_report(small_report());
    for (const std::string_view part :
         {"<html lang=\"en\">", "<main>", "<h1>Run</h1>", "<h2>Loss</h2>",
          "<svg role=\"img\" tabindex=\"0\" aria-label=\"Loss: ",
          "<svg role=\"img\" tabindex=\"0\" aria-label=\"Scores: share by score, curves real. ",
          "<details><summary>Table of the values",
          "<label for=\"series-0-slider\">Samples</label><input type=\"range\" id=\"series-0-slider\" "
          "min=\"0\" max=\"2\" value=\"2\">",
          "<img alt=\"epoch 3\"", "<img alt=\"0.98\"", "<th scope=\"row\">seed</th><td>0</td>",
          "<pre><code>train --seed 0</code></pre>", "prefers-color-scheme: dark", ":focus-visible",
          "width=device-width"})
        BOOST_TEST(contains(page, part), part);
}

BOOST_AUTO_TEST_CASE(parts_without_contents_are_left_out) {
    const std::string page = render_report({.title = "Run",
                                            .charts = {{"No curves", "x", "y", {}, {}}},
                                            .series = {{"No pictures", "none", {}}},
                                            .rows = {{"No pictures", "none", {}}},
                                            .histograms = {{"No sets", "x", "y", "none", {0, 1}, {}}},
                                            .tables = {{"No rows", {}}}});
    BOOST_TEST(!contains(page, "<h2>"));
    BOOST_TEST(!contains(page, "<section>"));
    BOOST_TEST(!contains(page, "<div"));
    BOOST_TEST(!contains(page, "drag to zoom"));
    BOOST_TEST(!contains(page, "this run"));
}

BOOST_AUTO_TEST_CASE(only_the_part_of_this_run_depends_on_it) {
    Report one = small_report(), two = small_report();
    two.this_run = {{"This run", {{"time", "12:34:56"}, {"machine", std::string(20000, 'x')}}}};
    two.commands = {};
    // Near the limit, where a longer part must not leave out more pictures.
    one.series = two.series = {epochs(400, 9000)};
    const auto rest = [](const std::string& page) {
        const auto begin = page.find("<!-- this run: begin -->\n"),
                   end = page.find("<!-- this run: end -->\n");
        BOOST_REQUIRE((begin != page.npos && end != page.npos));
        return page.substr(0, begin) + page.substr(end);
    };
    BOOST_TEST((rest(render_report(one)) == rest(render_report(two))));
}

BOOST_AUTO_TEST_CASE(numbers_are_chosen_evenly) {
    using Numbers = std::vector<std::size_t>;
    BOOST_TEST(evenly_chosen(0, 5) == Numbers{}, boost::test_tools::per_element());
    BOOST_TEST(evenly_chosen(5, 0) == Numbers{}, boost::test_tools::per_element());
    BOOST_TEST(evenly_chosen(5, 1) == Numbers{4}, boost::test_tools::per_element());
    BOOST_TEST(evenly_chosen(1, 5) == Numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(evenly_chosen(3, 5) == (Numbers{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(evenly_chosen(9, 3) == (Numbers{0, 4, 8}), boost::test_tools::per_element());
    const auto chosen = evenly_chosen(1000, 300);
    BOOST_TEST(chosen.size() == 300U);
    BOOST_TEST(chosen.front() == 0U);
    BOOST_TEST(chosen.back() == 999U);
    for (std::size_t i = 1; i < chosen.size(); ++i) {
        const std::size_t step = chosen[i] - chosen[i - 1];
        BOOST_TEST((step == 3 || step == 4));
    }
}

BOOST_AUTO_TEST_CASE(a_page_is_never_longer_than_the_limit) {
    constexpr std::size_t limit = 3'000'000;
    for (const std::size_t number : {10U, 300U, 2000U}) {
        Report large = small_report();
        large.series = {epochs(number, 9000), epochs(20, 3000)};
        const std::string page = render_report(large);
        BOOST_TEST(page.size() <= limit);
        const std::size_t shown = count(between(data_of(page), "{\"labels\":[", "]"), "epoch");
        if (number == 10) {
            BOOST_TEST(shown == 10U);
            BOOST_TEST(!contains(page, "evenly chosen"));
        } else {
            BOOST_TEST(page.size() > limit - 32000 - 13000); // one more picture would not fit
            BOOST_TEST(contains(page, "Shown are " + std::to_string(shown) + " of " + std::to_string(number) +
                                          " pictures, evenly chosen"));
            BOOST_TEST(contains(page, "max=\"" + std::to_string(shown - 1) + "\""));
            BOOST_TEST(contains(page, "\"labels\":[\"epoch 1\","));
            BOOST_TEST(contains(page, "\"epoch " + std::to_string(number) + "\"],\"pictures\""));
        }
    }
    PictureSeries chosen = epochs(3, 10);
    chosen.chosen_from = 50;
    BOOST_TEST(contains(render_report({.title = "Run", .series = {chosen}}),
                        "Shown are 3 of 50 pictures, evenly chosen"));
    BOOST_TEST(
        contains(test::message_of([&] { render_report({.title = "Run", .series = {epochs(3, 3000000)}}); }),
                 "bytes without most pictures of the series, expected at most 3000000"));
}

BOOST_AUTO_TEST_CASE(a_very_long_curve_is_thinned_and_the_page_says_so) {
    std::vector<double> x(100000), y(100000);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = static_cast<double>(i + 1);
        y[i] = 1 / (x[i] + 0.1);
    }
    const std::string page = render_report(
        {.title = "Run", .charts = {{"Loss", "epoch", "loss", {{"d", x, y}, {"g", x, y}}, {}}}});
    BOOST_TEST(page.size() <= 3'000'000U);
    BOOST_TEST(contains(page, "Of d 20000 of 100000 values, evenly chosen."));
    const std::string xs = between(data_of(page), "\"x\":[", "]");
    BOOST_TEST(count(xs, ",") == 19999U);
    BOOST_TEST(xs.substr(0, 2) == "1,");
    BOOST_TEST(xs.substr(xs.size() - 6) == ",1e+05");
}

BOOST_AUTO_TEST_CASE(a_curve_has_as_many_x_as_y) {
    const Report wrong{.title = "Run", .charts = {{"Loss", "epoch", "loss", {{"d", {1, 2}, {1}}}, {}}}};
    BOOST_TEST(test::message_of([&] { render_report(wrong); }) ==
               "render_report: curve 'd': found 2 x and 1 y, expected as many");
    BOOST_CHECK_THROW(render_report(wrong), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_histogram_has_the_share_of_the_values_in_each_bin) {
    using Numbers = std::vector<double>;
    BOOST_TEST(bin_edges(-0.5, 1.5, 4) == (Numbers{-0.5, 0, 0.5, 1, 1.5}), boost::test_tools::per_element());
    const auto twentieths = bin_edges(0, 1, 20);
    BOOST_TEST(twentieths.size() == 21U);
    BOOST_TEST(twentieths[3] == 0.15); // not 0.15000000000000002
    // On an edge, below and above all bins, infinite and NaN.
    const Numbers values{-2, -0.5, -0.001, 0, 0.25, 0.5, 1.5, 7, infinity, not_a_number};
    BOOST_TEST(shares_of(values, Numbers{-0.5, 0, 0.5, 1, 1.5}) == (Numbers{0.3, 0.2, 0.1, 0.3}),
               boost::test_tools::per_element());
    BOOST_TEST(shares_of(values, Numbers{0, 1}) == Numbers{0.9}, boost::test_tools::per_element());
    for (const Numbers& edges :
         {Numbers{}, Numbers{0}, Numbers{0, 0}, Numbers{1, 0}, Numbers{0, not_a_number}})
        BOOST_CHECK_THROW(shares_of(values, edges), std::invalid_argument);
    BOOST_CHECK_THROW(shares_of({}, Numbers{0, 1}), std::invalid_argument);
    BOOST_CHECK_THROW(bin_edges(0, 1, 0), std::invalid_argument);
    BOOST_CHECK_THROW(bin_edges(1, 1, 3), std::invalid_argument);
    BOOST_CHECK_THROW(bin_edges(0, infinity, 3), std::invalid_argument);

    const std::string page = render_report(small_report());
    BOOST_TEST(contains(data_of(page),
                        "\"histograms\":[{\"x_label\":\"score\",\"y_label\":\"share\","
                        "\"edges\":[0,0.5,1],\"curves\":[{\"name\":\"real\",\"y\":[0.25,0.75]}]}]"));
    BOOST_TEST(contains(page, "<figcaption>Of two sets.</figcaption>"));
    Report wrong = small_report();
    wrong.histograms[0].sets[0].shares.pop_back();
    BOOST_TEST(test::message_of([&] { render_report(wrong); }) ==
               "render_report: histogram of 'real': found 1 shares and 3 edges, expected one more edge");
}

BOOST_AUTO_TEST_CASE(the_file_is_what_render_report_returns) {
    const test::TemporaryFolder folder;
    Report shown = small_report();
    shown.rows = {{"Real PNG", "", {{"black", ctgan::io::encode_png({1, 2, 2, {0, 0, 0, 0}})}}}};
    write_report(folder.path() / "report.html", shown);
    BOOST_TEST((test::content(folder.path() / "report.html") == render_report(shown)));
    BOOST_TEST(folder.entries() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
