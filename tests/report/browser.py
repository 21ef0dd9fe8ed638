#!/usr/bin/env python3
"""Checks a report of train_dcgan in Chromium.   browser.py CHROMIUM REPORT.html --csv loss.csv --samples FOLDER
                                               browser.py CHROMIUM REPORT.html --pictures FOLDER"""
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


def check_page(page, report, rows, pictures):
    url = report.resolve().as_uri()
    page.view(1000, 900)
    page.open(url)
    check("the name of the picture", page.value("document.querySelector('#chart-0 svg').role"), "img")
    check_chart(page, rows)
    check_slider(page, pictures)
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("browser")
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--csv", type=pathlib.Path)
    parser.add_argument("--samples", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    options = parser.parse_args()
    with Chromium(options.browser) as page:
        if options.pictures:
            for scheme in ("light", "dark"):
                page.view(640, 1200, scheme)
                page.open(options.report.resolve().as_uri())
                height = min(1200, page.value("document.querySelector('#series-0').getBoundingClientRect().bottom + 16"))
                data = base64.b64decode(page.picture(640, height))
                (options.pictures / f"report_{scheme}.png").write_bytes(data)
            return 0
        with open(options.csv, newline="") as file:
            rows = list(csv.reader(file))[1:]
        check_page(page, options.report, rows, sorted(options.samples.glob("*.png")))
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
