#pragma once

#include <ctgan/core/config.hpp>

#include <string_view>

namespace ctgan::inline CTGAN_ABI::plot::detail {

/// The script that draws a report's charts. It stands in front of report_script, whose functions it calls.
inline constexpr std::string_view report_chart_script = R"js("use strict";
// Whether a value can be drawn: finite, and not so large that differences overflow.
const drawable = value => Math.abs(value) <= 1e100;

// Whether a range is so narrow that rounding errors leave no room for ticks.
const narrow = (low, high) => high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));

// Ticks at round numbers, at most about `most` of them.
function ticksOf(low, high, most, whole) {
  const least = (high - low) / most, decade = Math.pow(10, Math.floor(Math.log10(least)));
  let step = decade * [1, 2, 5, 10].find(factor => factor * decade >= least * (1 - 1e-9));
  if (whole) step = Math.max(step, 1);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const short = decimals <= 5 && Math.max(Math.abs(low), Math.abs(high)) < 1e7;
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= high / step + 1e-9; ++i)
    ticks.push([i * step, short ? (i * step).toFixed(decimals) : (i * step).toPrecision(4)]);
  return ticks;
}

// A chart with edges is a histogram: its values are those of the bins between them, at their middles.
function startChart(figure, chart) {
  const svg = figure.querySelector("svg"), legend = figure.querySelector(".legend");
  const edges = chart.edges?.map(Number), middles = edges?.slice(1).map((edge, i) => (edges[i] + edge) / 2);
  const curves = chart.curves.map(({name, x = middles, y}) => {
    const curve = {name, x: x.map(Number), y: y.map(Number), at: new Map()};
    curve.x.forEach((value, i) => curve.at.set(value, curve.y[i]));
    return curve;
  });
  const xs = [...new Set(curves.flatMap(curve => curve.x.filter(drawable)))].sort((a, b) => a - b);
  const textOf = x => edges ? `${edges[xs.indexOf(x)]} to ${edges[xs.indexOf(x) + 1]}` : String(x);
  startTable(figure.querySelector("details"), chart, curves, xs, textOf);

  const whole = !edges && xs.every(Number.isInteger), gap = Math.max(whole ? 1 : 0.5, 1e-6 * Math.abs(xs[0] ?? 0));
  let first = (edges ?? xs)[0] ?? 0, last = (edges ?? xs).at(-1) ?? 0;
  if (narrow(first, last)) first -= gap, last += gap;
  const narrowest = (last - first) / Math.max(1, xs.length - 1);
  let from = first, to = last, drag = null;
  // At first at the last point of a curve, or at the largest bin.
  const largest = i => Math.max(...curves.map(curve => curve.y[i]));
  let cursor = edges ? xs.reduce((best, _, i) => largest(i) > largest(best) ? i : best, 0) : xs.length - 1;
  let plot = {left: 0, top: 0, width: 1, height: 1}, low = 0, high = 1, over = null;

  function put(parent, name, attributes, content) {
    const made = document.createElementNS(svg.namespaceURI, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (content !== undefined) made.textContent = content;
    return parent.appendChild(made);
  }
  const xOf = x => (x - from) / (to - from) * plot.width;
  const yOf = y => (1 - (y - low) / (high - low)) * plot.height;

  // The range of the values that are in sight; zero, too, unless that would squeeze the curves.
  function fitHeight() {
    low = Infinity, high = -Infinity;
    const show = y => { if (drawable(y)) low = Math.min(low, y), high = Math.max(high, y); };
    for (const curve of curves)
      curve.x.forEach((x, i) => { if (x >= from && x <= to) show(curve.y[i]); });
    if (from === first && to === last) for (const mark of chart.marks ?? []) show(Number(mark.y));
    if (low > high) low = 0, high = 1;
    if (edges || (low > 0 && low < high / 2)) low = 0;
    const margin = narrow(low, high) ? Math.abs(high) / 2 || 0.5 : (high - low) * 0.04;
    if (low !== 0) low -= margin;
    high += margin;
  }

  function drawCurve(area, curve, color) {
    // Far out of sight, where SVG's numbers end, a point stands at the end of them.
    const place = position => Math.max(-1e6, Math.min(1e6, position)).toFixed(2);
    if (edges) {
      let steps = `M${place(xOf(edges[0]))} ${place(yOf(0))}`;
      curve.y.forEach((y, i) => {
        steps += `V${place(yOf(drawable(y) ? y : 0))}H${place(xOf(edges[i + 1]))}`;
      });
      steps += `V${place(yOf(0))}`;
      put(area, "path", {d: steps, fill: color, "fill-opacity": 0.15, stroke: color, "stroke-width": 2});
      return;
    }
    let path = "", inSight = 0;
    const alone = [], ok = i => drawable(curve.x[i]) && drawable(curve.y[i]), points = [];
    for (let i = 0; i < curve.x.length; ++i) {
      if (!ok(i)) continue;
      path += (ok(i - 1) ? "L" : "M") + place(xOf(curve.x[i])) + " " + place(yOf(curve.y[i]));
      if (curve.x[i] >= from && curve.x[i] <= to) ++inSight, points.push(i);
      if (!ok(i - 1) && !ok(i + 1)) alone.push(i);
    }
    put(area, "path", {d: path, fill: "none", stroke: color, "stroke-width": 2, "stroke-linejoin": "round"});
    for (const i of inSight <= 60 ? points : alone)
      put(area, "circle", {cx: xOf(curve.x[i]), cy: yOf(curve.y[i]), r: 3, fill: color});
  }

  function draw() {
    const width = svg.clientWidth, height = svg.clientHeight;
    if (width === 0) return;
    plot = {left: 56, top: 24, width: width - 72, height: height - 72};
    fitHeight();
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    put(svg, "text", {x: 0, y: 12}, chart.y_label);
    const frame = put(svg, "g", {transform: `translate(${plot.left} ${plot.top})`});
    for (const [value, label] of ticksOf(low, high, plot.height / 40, false)) {
      put(frame, "line", {class: "grid", x1: 0, x2: plot.width, y1: yOf(value), y2: yOf(value)});
      put(frame, "text", {x: -8, y: yOf(value) + 4, "text-anchor": "end"}, label);
    }
    for (const [value, label] of ticksOf(from, to, plot.width / 70, whole)) {
      put(frame, "line", {class: "axis", x1: xOf(value), x2: xOf(value), y1: plot.height, y2: plot.height + 5});
      put(frame, "text", {x: xOf(value), y: plot.height + 20, "text-anchor": "middle"}, label);
    }
    put(frame, "line", {class: "axis", x1: 0, x2: plot.width, y1: plot.height, y2: plot.height});
    put(frame, "text", {x: plot.width / 2, y: plot.height + 42, "text-anchor": "middle"}, chart.x_label);
    // A nested svg element shows nothing outside of it. The margin is for the dots at its edges.
    const area = put(frame, "svg", {x: -6, y: -6, width: plot.width + 12, height: plot.height + 12,
                                    viewBox: `-6 -6 ${plot.width + 12} ${plot.height + 12}`});
    for (const mark of chart.marks ?? []) {
      const y = yOf(Number(mark.y));
      if (!(y >= 0 && y <= plot.height)) continue;
      put(area, "line", {class: "mark", x1: 0, x2: plot.width, y1: y, y2: y});
      // Below its line where there is no room above.
      put(area, "text", {x: plot.width, y: y < 12 ? y + 15 : y - 5, "text-anchor": "end"}, mark.label);
    }
    curves.forEach((curve, i) => drawCurve(area, curve, `var(--c${i % 6})`));
    over = put(area, "g", {});
    showCursor();
  }

  // Shows the values at the cursor: a line and dots in the chart, numbers in the legend.
  function showCursor() {
    const x = xs[cursor];
    over.replaceChildren();
    if (drag)
      put(over, "rect", {class: "selection", x: Math.min(drag.start, drag.end), y: 0, height: plot.height,
                         width: Math.abs(drag.end - drag.start)});
    if (x >= from && x <= to) {
      put(over, "line", {class: "cursor", x1: xOf(x), x2: xOf(x), y1: 0, y2: plot.height});
      curves.forEach((curve, i) => {
        const y = curve.at.get(x);
        if (drawable(y)) put(over, "circle", {cx: xOf(x), cy: yOf(y), r: 5, fill: `var(--c${i % 6})`});
      });
    }
    legend.replaceChildren(element("span", "at", x === undefined ? "no values" : `${chart.x_label} ${textOf(x)}`));
    curves.forEach((curve, i) => {
      const swatch = element("span", "swatch");
      swatch.style.background = `var(--c${i % 6})`;
      legend.append(element("span", "", undefined, swatch, curve.name + " ",
                            element("span", "value", valueAt(curve, x))));
    });
  }

  function view(newFrom, newTo) {
    const width = Math.min(last - first, Math.max(narrowest, newTo - newFrom));
    from = Math.min(Math.max(first, (newFrom + newTo - width) / 2), last - width);
    to = from + width;
    if (width >= last - first) from = first, to = last;
    draw();
  }
  function zoom(factor) {
    const middle = xs[cursor] >= from && xs[cursor] <= to ? xs[cursor] : (from + to) / 2;
    view(middle - (middle - from) * factor, middle + (to - middle) * factor);
  }
  function moveTo(index) {
    cursor = Math.max(0, Math.min(xs.length - 1, index));
    const x = xs[cursor];
    if (x < from) view(x, x + (to - from));
    else if (x > to) view(x - (to - from), x);
    else showCursor();
  }
  const across = event => event.clientX - svg.getBoundingClientRect().left - plot.left;
  const valueOf = position => from + position / plot.width * (to - from);
  function nearest(event) {
    const x = valueOf(across(event));
    let best = 0;
    xs.forEach((value, i) => { if (Math.abs(value - x) < Math.abs(xs[best] - x)) best = i; });
    cursor = Math.min(best, xs.length - 1);
  }

  svg.addEventListener("pointerdown", event => {
    nearest(event);
    // A finger scrolls the page and shows values; the buttons zoom.
    if (event.pointerType !== "touch" && event.button === 0) {
      drag = {start: across(event), end: across(event)};
      svg.setPointerCapture(event.pointerId);
    }
    showCursor();
  });
  svg.addEventListener("pointermove", event => {
    if (drag) drag.end = Math.max(0, Math.min(plot.width, across(event)));
    nearest(event);
    showCursor();
  });
  const endDrag = zooms => {
    const done = drag;
    drag = null;
    if (done && zooms && Math.abs(done.end - done.start) > 6)
      view(valueOf(Math.min(done.start, done.end)), valueOf(Math.max(done.start, done.end)));
    else showCursor();
  };
  svg.addEventListener("pointerup", () => endDrag(true));
  svg.addEventListener("pointercancel", () => endDrag(false));
  svg.addEventListener("dblclick", () => view(first, last));
  const keys = {
    ArrowLeft: () => moveTo(cursor - 1), ArrowRight: () => moveTo(cursor + 1),
    Home: () => moveTo(0), End: () => moveTo(xs.length - 1),
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2),
    "0": () => view(first, last), Escape: () => view(first, last)
  };
  svg.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  const [nearer, wider, all] = figure.querySelectorAll("button");
  nearer.addEventListener("click", () => zoom(0.5));
  wider.addEventListener("click", () => zoom(2));
  all.addEventListener("click", () => view(first, last));
  new ResizeObserver(draw).observe(svg);
  draw();
}
)js";

} // namespace ctgan::inline CTGAN_ABI::plot::detail
