#pragma once

#include <ctgan/core/config.hpp>

#include <string_view>

namespace ctgan::inline CTGAN_ABI::plot::detail {

/// The script of a report's sliders and tables of values. `data` is the page's JSON.
inline constexpr std::string_view report_script = R"js(
const data = JSON.parse(document.getElementById("data").textContent);

// An HTML element with a class, a text and children.
function element(name, className, content, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  made.append(...children);
  return made;
}

function startSeries(figure, series) {
  const slider = figure.querySelector("input"), label = figure.querySelector("output");
  const picture = figure.querySelector("img"), last = picture.src;
  const show = () => {
    const number = Number(slider.value), text = series.labels[number];
    const png = series.pictures[number];
    picture.src = png === undefined ? last : "data:image/png;base64," + png;
    picture.alt = text;
    label.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  slider.addEventListener("input", show);
  show(); // a browser may restore the slider's position when it reloads the page
}

// Fills the table of a chart's values when it is opened.
function startTable(details, chart, curves, xs, textOf) {
  details.addEventListener("toggle", () => {
    const place = details.querySelector(".values");
    if (!details.open || place.firstChild) return;
    const head = element("tr", "", undefined, element("th", "", chart.x_label),
                         ...curves.map(curve => element("th", "", curve.name)));
    for (const cell of head.children) cell.scope = "col";
    const rows = xs.map(x => element("tr", "", undefined, element("td", "", textOf(x)),
                                     ...curves.map(curve => element("td", "", valueAt(curve, x)))));
    place.append(element("table", "", undefined, element("thead", "", undefined, head),
                         element("tbody", "", undefined, ...rows)));
  });
}

// The text of a curve's value, with the digits of the data.
function valueAt(curve, x) {
  const value = curve.at.get(x);
  return value === undefined ? "\u2013" : String(value);
}

// Those without contents are not on the page.
function start(kind, all, starts) {
  all.forEach((one, i) => {
    const figure = document.getElementById(kind + "-" + i);
    if (figure) starts(figure, one);
  });
}
start("series", data.series, startSeries);
start("chart", data.charts, startChart);
start("histogram", data.histograms, startChart);
)js";

} // namespace ctgan::inline CTGAN_ABI::plot::detail
