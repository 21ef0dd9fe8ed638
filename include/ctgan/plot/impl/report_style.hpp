#pragma once

#include <ctgan/core/config.hpp>

#include <string_view>

namespace ctgan::inline CTGAN_ABI::plot::detail {

/// The style of a report. Text has a contrast of at least 4.5 to its background, curves of at least 3.
/// Nothing moves by itself, so there is nothing to switch off for readers who prefer less motion.
inline constexpr std::string_view report_style = R"css(
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1f2937; --faint: #4b5563; --line: #6b7280; --grid: #e5e7eb; --focus: #0b57d0;
  --c0: #0072b2; --c1: #c75400; --c2: #00805e; --c3: #b5568c; --c4: #2f7fb8; --c5: #8f6400;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181f; --ink: #e5e7eb; --faint: #b0b8c4; --line: #8a94a3; --grid: #2d3540; --focus: #8ab4f8;
    --c0: #4db2ff; --c1: #ff8a3d; --c2: #2fcf9f; --c3: #f09bcb; --c4: #9fd6ff; --c5: #ffc04d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 66rem; padding: 1rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.75rem; line-height: 1.25; margin: 1rem 0 0.25rem; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 2.5rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
figure { margin: 0; }
figcaption, .note { color: var(--faint); font-size: 0.9rem; margin: 0.25rem 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 0 2.5rem; }
.charts > :first-child:nth-last-child(odd) { grid-column: 1 / -1; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
button {
  font: inherit; min-width: 2.75rem; min-height: 2.75rem; padding: 0 0.75rem; border-radius: 0.4rem;
  border: 1px solid var(--line); background: var(--paper); color: var(--ink); cursor: pointer;
}
figure > svg {
  display: block; width: 100%; height: 17rem; touch-action: pan-y; cursor: crosshair; user-select: none;
  -webkit-user-select: none;
}
svg text { fill: var(--faint); font-size: 0.8rem; }
.grid { stroke: var(--grid); }
.axis, .mark, .cursor { stroke: var(--line); }
.mark { stroke-dasharray: 6 4; }
.selection { fill: var(--focus); fill-opacity: 0.2; }
.tools, .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; }
.tools { gap: 0.5rem; margin: 0.5rem 0; }
.legend { font-size: 0.9rem; }
.legend .at { min-width: 6rem; font-weight: 600; }
.swatch { display: inline-block; width: 1.25rem; height: 0.25rem; vertical-align: middle; margin-right: 0.4rem; }
.value { font-variant-numeric: tabular-nums; }
.slider { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; margin: 0.5rem 0; }
.slider label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.slider input { flex: 1 1 12rem; min-width: 0; height: 2.75rem; margin: 0; accent-color: var(--focus); }
img {
  display: block; max-width: 100%; height: auto; image-rendering: pixelated; background: #000; border-radius: 0.25rem;
}
.series img { width: 21rem; }
.row { display: flex; flex-wrap: wrap; gap: 0.75rem; list-style: none; margin: 0.75rem 0; padding: 0; }
.row li { max-width: 100%; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid var(--grid); }
th { font-weight: 600; overflow-wrap: normal; }
.values { max-height: 20rem; overflow: auto; }
.values td { font-variant-numeric: tabular-nums; }
summary { cursor: pointer; padding: 0.5rem 0; }
pre { margin: 0; padding: 0.75rem; border: 1px solid var(--line); border-radius: 0.4rem; white-space: pre-wrap; }
@media (max-width: 30rem) { figure > svg { height: 15rem; } }
)css";

} // namespace ctgan::inline CTGAN_ABI::plot::detail
