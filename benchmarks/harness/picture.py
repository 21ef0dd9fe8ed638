"""Draws the results as horizontal bars in SVG. The colors are of medium brightness, for light and dark pages."""

import html
import pathlib

from harness.report import figure
from harness.rounds import best

width, left, right = 840, 270, 170
row_height, bar_height = 24, 15
gray = "#7d8590"
colors = {"ctgan": "#e4572e", "PyTorch": "#4f83cc", "dlib": "#5d9e5f", "ONNX Runtime": "#a06cc4"}


class Canvas:
    def __init__(self):
        self.elements, self.y = [], 0

    def text(self, x, y, words, size=13, anchor="start", fill=gray, weight="normal"):
        self.elements.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" '
            f'font-weight="{weight}">{html.escape(words)}</text>')

    def bar(self, x, y, length, fill, opacity):
        # Square at its beginning, round at its end.
        r = min(3, length / 2)
        self.elements.append(
            f'<path d="M{x} {y:.1f}h{length - r:.1f}a{r} {r} 0 0 1 {r} {r}v{bar_height - 2 * r}a{r} {r} 0 0 1 -{r} {r}'
            f'h-{length - r:.1f}z" fill="{fill}" fill-opacity="{opacity}"/>')

    def line(self, x1, y1, x2, y2, opacity=1.0):
        self.elements.append(
            f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{gray}" stroke-opacity="{opacity}"/>')

    def svg(self):
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {self.y:.0f}" width="{width}" '
            f'height="{self.y:.0f}" font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">\n'
            + "\n".join(self.elements) + "\n</svg>\n")


def title(canvas, words, below):
    canvas.text(0, canvas.y + 20, words, size=19, weight="600", fill=colors["ctgan"])
    canvas.text(0, canvas.y + 40, below, size=12.5)
    canvas.text(width - 6, canvas.y + 40, "times ctgan's", size=12.5, anchor="end")
    canvas.y += 50


def group(canvas, name, rows):
    """Draws the bars of one batch size, scaled to the width, each with a thin line from its fastest to its slowest round."""
    canvas.text(left, canvas.y + 14, name, size=13.5, weight="600")
    canvas.y += 20
    canvas.line(left, canvas.y, left, canvas.y + row_height * len(rows), 0.6)
    scale = (width - left - right) / max(row["ms"]["most"] for row in rows)
    leaders = [best(rows, family) for family in colors]
    for row in rows:
        middle = canvas.y + row_height / 2
        ours, leading = row["family"] == "ctgan", row in leaders
        weight = "600" if ours or leading else "normal"
        fill, ms = colors[row["family"]], row["ms"]
        canvas.text(left - 10, middle + 4.5, row["name"], anchor="end", weight=weight, fill=fill if ours else gray)
        canvas.bar(left, middle - bar_height / 2, ms["median"] * scale, fill, 1 if leading else 0.45)
        canvas.line(left + ms["least"] * scale, middle, left + ms["most"] * scale, middle)
        canvas.text(left + ms["most"] * scale + 9, middle + 4.5, f"{figure(ms['median'])} ms", weight=weight)
        if not ours:
            canvas.text(width - 6, middle + 4.5, f"{row['ratio']['median']:.2f} ×", anchor="end", weight=weight)
        canvas.y += row_height
    canvas.y += 14


def in_order(rows):
    """The rows by family, ctgan first, and within a family from fast to slow."""
    families = list(colors)
    return sorted(rows, key=lambda row: (families.index(row["family"]), row["ms"]["median"]))


def leaders(rows):
    """The best row of each family."""
    return [row for row in (best(rows, family) for family in colors) if row]


def draw(file, step, generator):
    """Draws all settings with all threads for the training step, and the best of each family for the generator alone."""
    given = step or generator
    if not given:
        raise SystemExit("found no results to draw; run the benchmarks first")
    canvas = Canvas()
    if step:
        title(canvas, "One training step of the DCGAN, all threads", "shorter is better; the best setting of each library is bold")
        for batch, result in step["batches"].items():
            rows = [row for row in result["rows"] if row["threads"] > 1 or given["cores"] == 1]
            group(canvas, f"batch {batch}", in_order(rows))
    if generator:
        canvas.y += 8
        title(canvas, "The generator alone, evaluation mode", "shorter is better; each library with its best setting")
        for batch, result in generator["batches"].items():
            group(canvas, f"batch {batch}", in_order(leaders(result["rows"])))
    versions = ", ".join(f"{name} {version}" for name, version in given["versions"].items()
                         if name in ("torch", "dlib", "onnxruntime"))
    canvas.text(0, canvas.y + 8, f"{given['processor']}, {given['cores']} cores; medians of {given['rounds']} alternating "
                f"rounds, thin lines their range; {given['date'][:10]}", size=11)
    canvas.text(0, canvas.y + 24, f"{given['compiler']}; {versions}", size=11)
    canvas.y += 34
    pathlib.Path(file).write_text(canvas.svg())
