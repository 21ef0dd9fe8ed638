#!/usr/bin/env python3
"""Checks a report of train_dcgan in Chromium.   browser.py CHROMIUM REPORT.html --csv loss.csv --samples FOLDER [--scores FILE]
                                               browser.py CHROMIUM REPORT.html --pictures FOLDER
FILE is what score_samples prints of the last generator, if the run computed scores."""
import argparse
import base64
import csv
import json
import pathlib
import re
import sys

from chromium import Chromium

PASSED, FAILED = [], []


def check(name, found, expected):
    (PASSED if found == expected else FAILED).append(name)
    if found != expected:
        print(f"FAILED: {name}: found {found!r}, expected {expected!r}")


def between(name, low, value, high):
    (PASSED if low <= value <= high else FAILED).append(name)
    if not low <= value <= high:
        print(f"FAILED: {name}: found {value!r}, expected {low!r} to {high!r}")


# What a reader sees: the legend of the first chart as [x, [values]], and the ticks of the x axis.
LEGEND = """(() => { const legend = document.querySelector("#chart-0 .legend");
    return [legend.querySelector(".at").textContent, [...legend.querySelectorAll(".value")].map(v => Number(v.textContent))]; })()"""
TICKS = """[...document.querySelectorAll("#chart-0 svg text[text-anchor=middle]")].map(t => t.textContent).slice(0, -1).map(Number)"""
PLOT = """(() => { const box = document.querySelector("#chart-0 svg svg").getBoundingClientRect();
    return [box.left + 6, box.top + 6, box.width - 12, box.height - 12]; })()"""
# The least contrast between the text of any element and the page, as WCAG defines it, and that of the curves.
CONTRAST = """(() => {
    const parts = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const light = color => { const [r, g, b] = parts(color); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const paper = getComputedStyle(document.body).backgroundColor;
    const of = (all, property) => Math.min(...[...all].map(e => contrast(getComputedStyle(e)[property], paper)));
    return [light(paper), of(document.querySelectorAll("h1,h2,h3,p,th,td,button,output,figcaption,summary,pre,label"), "color"),
            of(document.querySelectorAll("svg text"), "fill"), of(document.querySelectorAll("svg path"), "stroke"),
            of(document.querySelectorAll(".swatch"), "backgroundColor")]; })()"""


def check_chart(page, rows):
    """Values by keys, by the pointer and in the table are those of loss.csv; zooming changes the axis."""
    def shown(row):
        return [f"epoch {row[0]}", [float(row[1]), float(row[2])]]

    check("the last epoch at first", page.value(LEGEND), shown(rows[-1]))
    page.value("document.querySelector('#chart-0 svg').focus()")
    page.key("Home")
    for i, row in enumerate(rows):
        check(f"row {i + 1} by keys", page.value(LEGEND), shown(row))
        page.key("ArrowRight")
    check("no epoch after the last", page.value(LEGEND), shown(rows[-1]))
    page.key("ArrowLeft")
    check("back by one", page.value(LEGEND), shown(rows[-2]))
    outline = page.value("getComputedStyle(document.activeElement).outlineStyle + document.activeElement.tagName")
    check("the focus can be seen", outline, "solidsvg")

    left, top, width, height = page.value(PLOT)
    last = len(rows) - 1
    for i, row in enumerate(rows):
        page.mouse("mouseMoved", left + width * (i + 0.2 * (i < last)) / last, top + height / 2)
        check(f"row {i + 1} under the pointer", page.value(LEGEND), shown(row))

    page.value("document.querySelector('#chart-0 summary').click()")
    page.value("new Promise(done => setTimeout(done, 100))")
    table = page.value("""[...document.querySelectorAll("#chart-0 tbody tr")].map(r => [...r.children].map(c => Number(c.textContent)))""")
    check("the table", table, [[float(value) for value in row] for row in rows])

    all_ticks = page.value(TICKS)
    check("all epochs on the axis", [all_ticks[0], all_ticks[-1]], [float(rows[0][0]), float(rows[-1][0])])
    page.mouse("mousePressed", left + width * 0.5, top + height / 2)
    page.mouse("mouseMoved", left + width * 0.8, top + height / 2, pressed=True)
    page.mouse("mouseMoved", left + width * 0.99, top + height / 2, pressed=True)
    page.mouse("mouseReleased", left + width * 0.99, top + height / 2)
    dragged = page.value(TICKS)
    between("zoomed by dragging", (float(rows[0][0]) + float(rows[-1][0])) / 2, dragged[0], float(rows[-1][0]))
    page.key("0", "0")
    check("all again by a key", page.value(TICKS), all_ticks)
    for name, narrow, wide in (("keys", lambda: page.key("+", "+"), lambda: page.key("-", "-")),
                               ("buttons", lambda: page.value("document.querySelectorAll('#chart-0 button')[0].click()"),
                                lambda: page.value("document.querySelectorAll('#chart-0 button')[1].click()"))):
        page.value("document.querySelector('#chart-0 svg').focus()")
        page.key("Home")
        narrow()
        between(f"zoomed by {name}", 0, page.value(TICKS)[-1], float(rows[-1][0]) - 1)
        wide()
        check(f"all again by {name}", page.value(TICKS), all_ticks)


def check_slider(page, pictures):
    """The slider shows the picture of each epoch, by keys."""
    state = """(() => { const figure = document.querySelector("#series-0"), image = figure.querySelector("img");
        return [image.src.replace("data:image/png;base64,", ""), image.alt, figure.querySelector("output").textContent,
                figure.querySelector("input").getAttribute("aria-valuetext"), image.complete && image.naturalWidth > 0]; })()"""
    page.value("document.querySelector('#series-0 input').focus()")
    page.key("Home")
    for i, picture in enumerate(pictures):
        page.value("document.querySelector('#series-0 img').decode()")
        label = f"epoch {i + 1}"
        expected = [base64.b64encode(picture.read_bytes()).decode(), label, label, label, True]
        check(f"picture {i + 1}", page.value(state) == expected, True)
        page.key("ArrowRight")


# The headings of pictures side by side, with the text of each picture, whether its label is the same, and its natural width.
ROWS = """Promise.all([...document.images].map(image => image.decode())).then(() =>
    [...document.querySelectorAll("section:has(.row)")].map(section => [section.querySelector("h2").textContent,
        section.querySelector(".note").textContent, [...section.querySelectorAll("figure")].map(figure => {
            const image = figure.querySelector("img");
            return [image.alt, image.alt === figure.querySelector("figcaption").textContent, image.naturalWidth]; })]))"""


def check_rows(page, scores):
    """The digits beside their figures: those that score_samples computes. Returns all probabilities."""
    rows = page.value(ROWS)
    count = 14
    check("pictures have the text of their labels", [label for _, _, pictures in rows for label, same, _ in pictures if not same], [])
    between_samples = [["4 rows of 9 digits, after step 20", True, 3 * (9 * 28 + 10 * 2)]]
    check("the first row", [rows[0][0], rows[0][2]], ["From one sample to another", between_samples])
    if not scores:
        check("rows without scores", len(rows), 1)
        return []
    check("the rows", [[title, len(pictures)] for title, _, pictures in rows[1:]],
          [["Best digits", count // 2], ["Worst digits", count // 2], ["Nearest training digits", 10]])
    check("the widths", [{width for _, _, width in pictures} for _, _, pictures in rows[1:]], [{84}, {84}, {168}])
    probabilities = [float(re.fullmatch(r"\d, ([\d.]+) %", label)[1]) / 100 for _, _, pictures in rows[1:3] for label, _, _ in pictures]
    best, worst = probabilities[:count // 2], probabilities[count // 2:]
    check("the best first, then the worst first", [best, worst], [sorted(best, reverse=True), sorted(worst)])
    between("the last of both", worst[-1], best[-1], 1)
    distances = [re.fullmatch(r"distance ([\d.e+-]+)", label)[1] for label, _, _ in rows[3][2]]
    check("the nearest first", distances, sorted(distances, key=float))
    least, median = re.search(r"nearest samples least (\S+) median (\S+),", scores).groups()
    check("the distances of score_samples", [distances[0], f"half are at most {median} away" in rows[3][1]], [least, True])
    return probabilities


def check_histograms(page, probabilities):
    """Values by keys and in the table are the shares of what is shown; the legend names the bin."""
    data = json.loads(page.value("document.getElementById('data').textContent"))["histograms"]
    count = page.value("document.querySelectorAll('figure[id^=histogram]').length")
    check("histograms", count, len(data))
    if not probabilities:
        check("histograms without scores", count, 0)
        return
    check("their titles", page.value("[...document.querySelectorAll('section:has([id^=histogram]) h2')].map(h => h.textContent)"),
          ["The discriminator's scores", "The classifier's confidence"])
    shares = [0] * 20
    for probability in probabilities:
        shares[min(int(probability * 20), 19)] += 1
    check("shares of the confidence", data[1]["curves"][1]["y"], [share / len(probabilities) for share in shares])
    for number, histogram in enumerate(data):
        check(f"histogram {number}: sets", [curve["name"] for curve in histogram["curves"]], ["real", "generated"])
        for curve in histogram["curves"]:
            in_all = sum(round(share * len(probabilities)) for share in curve["y"])
            check(f"histogram {number}: all digits of {curve['name']}", in_all, len(probabilities))
        page.value(f"document.querySelector('#histogram-{number} svg').focus()")
        page.key("Home")
        edges, shown = histogram["edges"], []
        for i in range(len(edges) - 1):
            at, values = page.value(LEGEND.replace("chart-0", f"histogram-{number}"))
            shown.append([at.split(" ", 1)[1], *values])
            page.key("ArrowRight")
        expected = [[f"{low:g} to {high:g}", *values] for low, high, *values in
                    zip(edges, edges[1:], *(curve["y"] for curve in histogram["curves"]))]
        check(f"histogram {number} by keys", shown, expected)
        page.value(f"document.querySelector('#histogram-{number} summary').click()")
        page.value("new Promise(done => setTimeout(done, 100))")
        table = page.value(f"""[...document.querySelectorAll("#histogram-{number} tbody tr")].map(r => [...r.children].map(c => c.textContent))""")
        check(f"histogram {number}: the table", [[bin_, *map(float, values)] for bin_, *values in table], expected)
        # The steps of both sets, which end where the axis does.
        paths = page.value(f"[...document.querySelectorAll('#histogram-{number} svg path')].map(p => p.getBBox().width)")
        axis = page.value(f"Math.max(...[...document.querySelectorAll('#histogram-{number} line.axis')].map(l => l.x2.baseVal.value))")
        check(f"histogram {number}: two sets of steps as wide as the axis", [abs(width - axis) < 1 for width in paths], [True, True])


def check_strange(page, report):
    """Values that are not finite, very large, equal, or equal but for rounding."""
    page_text = report.read_text(encoding="utf-8")
    cases = [(["NaN", "Infinity", "-Infinity", 1e300, 0.5], [None, None, None, None, 0.5]), ([1, 1, 1, 1, 1], [1] * 5),
             ([1, 1 + 2 ** -52, 1, 1, 1], [1] * 5), ([0] * 5, [0] * 5), (["NaN"] * 5, [None] * 5), ([-1e100, 1e100, 0, 0, 0], [-1e100, 1e100, 0, 0, 0])]
    for number, (values, dots) in enumerate(cases):
        strange = report.with_name(f"strange_{number}.html")
        old = re.search(r'"y":\[[^]]*\]', page_text)[0]
        strange.write_text(page_text.replace(old, '"y":' + json.dumps(values), 1), encoding="utf-8")
        page.open(strange.resolve().as_uri())
        page.value("document.querySelector('#chart-0 svg').focus()")
        page.key("Home")
        for i, (value, dot) in enumerate(zip(values, dots)):
            text = page.value("document.querySelector('#chart-0 .value').textContent")
            check(f"strange values {number}, row {i + 1}", text if value == "NaN" else float(text), value if value == "NaN" else float(value))
            circles = page.value("document.querySelectorAll('#chart-0 svg circle[r=\"5\"]').length")
            check(f"strange values {number}, dots in row {i + 1}", circles, 1 + (dot is not None))
            page.key("ArrowRight")
        page.key("+", "+")
        numbers = page.value("""[...document.querySelectorAll("#chart-0 svg *")].flatMap(e => [...e.attributes]).filter(a => /NaN|Infinity/.test(a.value)).length""")
        check(f"strange values {number}: coordinates that are no numbers", numbers, 0)
        strange.unlink()


def check_page(page, report, rows, pictures, scores):
    url = report.resolve().as_uri()
    page.view(1000, 900)
    page.open(url)
    check("the name of the picture", page.value("document.querySelector('#chart-0 svg').role"), "img")
    check_chart(page, rows)
    check_slider(page, pictures)
    check_histograms(page, check_rows(page, scores))
    check("texts for who cannot see", page.value("[...document.images].every(i => i.alt) && [...document.querySelectorAll('figure > svg')].every(s => s.ariaLabel)"), True)
    # A phone of 360 pixels: nothing to scroll sideways, and a touch shows values.
    page.view(360, 740, phone=True)
    page.open(url)
    check("the width on a phone", page.value("document.documentElement.scrollWidth"), 360)
    page.value("document.querySelector('#chart-0 svg').scrollIntoView()")
    left, top, _, height = page.value(PLOT)
    page.touch(left + 1, top + height / 2)
    check("values under a finger", page.value(LEGEND)[0], "epoch 1")
    for scheme in ("light", "dark"):
        page.view(1000, 900, scheme)
        page.open(url)
        paper, text, in_chart, curve, swatch = page.value(CONTRAST)
        between(f"{scheme}: the page", *((0.8, paper, 1) if scheme == "light" else (0, paper, 0.05)))
        for name, contrast, least in (("text", text, 4.5), ("text in charts", in_chart, 4.5), ("curves", curve, 3), ("swatches", swatch, 3)):
            between(f"{scheme}: contrast of {name}", least, contrast, 21)
    requests_of_report = len(page.events)
    check_strange(page, report)
    # What the page did since the browser was started.
    reported = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")
    check("the console", [event for event in page.events if event["method"] in reported], [])
    requests = [event["params"]["request"]["url"] for event in page.events[:requests_of_report] if event["method"] == "Network.requestWillBeSent"]
    check("what is loaded", {address for address in requests if not address.startswith("data:")}, {url})
    # The policy forbids a connection, also to a script in the page.
    check("a connection is refused", page.value("fetch('data:,x').then(() => 'connected', () => 'refused')"), "refused")


def take_pictures(page, report, folder):
    """The top of the page in light, what follows in dark, and the top on a phone."""
    end_of = "document.querySelector('%s').getBoundingClientRect().bottom + 16"
    parts = (("light", 1000, "light", "0", end_of % "#series-0"), ("dark", 1000, "dark", end_of % "#series-0", end_of % "#histogram-1"),
             ("phone", 360, "light", "0", end_of % "#series-0"))
    for name, width, scheme, top, bottom in parts:
        page.view(width, 1000, scheme, phone=name == "phone")
        page.open(report.resolve().as_uri())
        # As high as the whole page, so that nothing has to be scrolled.
        page.view(width, page.value("document.documentElement.scrollHeight"), scheme, phone=name == "phone")
        page.value("new Promise(done => setTimeout(done, 300))")
        top, bottom = page.value(top), page.value(bottom)
        (folder / f"report_{name}.png").write_bytes(base64.b64decode(page.picture(width, bottom - top, top)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("browser")
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--csv", type=pathlib.Path)
    parser.add_argument("--samples", type=pathlib.Path)
    parser.add_argument("--scores", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    options = parser.parse_args()
    with Chromium(options.browser) as page:
        if options.pictures:
            take_pictures(page, options.report, options.pictures)
            return 0
        with open(options.csv, newline="") as file:
            rows = list(csv.reader(file))[1:]
        scores = options.scores.read_text(encoding="utf-8") if options.scores else ""
        check_page(page, options.report, rows, sorted(options.samples.glob("*.png")), scores)
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
