#!/usr/bin/env python3
"""Draws the loss curves of a run of ctgan and of one of PyTorch in one picture.

usage: benchmarks/reference_run/draw.py CTGAN_LOSS.csv PYTORCH_LOSS.csv OUT.svg
"""

import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness.picture import Canvas, colors, gray, width  # noqa: E402

left, right, top, height = 60, 150, 30, 300
epochs, least, most = 20, 0.2, 0.7


def read(path):
    with open(path, newline="") as file:
        return [(int(row["epoch"]), float(row["d_loss"]), float(row["g_loss"])) for row in csv.DictReader(file)]


def x_of(epoch):
    return left + (width - left - right) * (epoch - 1) / (epochs - 1)


def y_of(loss):
    return top + height * (most - loss) / (most - least)


def curve(canvas, points, name, family, dashes):
    path = "L".join(f"{x_of(epoch):.1f} {y_of(loss):.1f}" for epoch, loss in points)
    canvas.elements.append(
        f'<path d="M{path}" fill="none" stroke="{colors[family]}" stroke-width="2" stroke-dasharray="{dashes}"/>')
    for epoch, loss in points:
        canvas.elements.append(f'<circle cx="{x_of(epoch):.1f}" cy="{y_of(loss):.1f}" r="2.5" fill="{colors[family]}"/>')


def main():
    runs = {"ctgan": read(sys.argv[1]), "PyTorch": read(sys.argv[2])}
    for family, rows in runs.items():
        for _, *losses in rows:
            if not all(least <= loss <= most for loss in losses):
                raise SystemExit(f"draw.py: found a loss of {family} outside of the picture, expected {least} to {most}")
    canvas = Canvas()
    for tenths in range(round(least * 10), round(most * 10) + 1):
        y = y_of(tenths / 10)
        canvas.line(left, y, width - right, y, 0.35)
        canvas.text(left - 8, y + 4.5, f"{tenths / 10:.1f}", anchor="end")
    for epoch in (1, 5, 10, 15, 20):
        canvas.text(x_of(epoch), top + height + 20, str(epoch), anchor="middle")
    canvas.text((left + width - right) / 2, top + height + 40, "epoch: 15,000 steps of 4 digits", anchor="middle")
    for family, rows in runs.items():
        curve(canvas, [(epoch, d_loss) for epoch, d_loss, _ in rows], family, family, "none")
        curve(canvas, [(epoch, g_loss) for epoch, _, g_loss in rows], family, family, "5 4")
    y = top + 14
    for family in runs:
        for what, dashes in (("d_loss", "none"), ("g_loss", "5 4")):
            canvas.elements.append(
                f'<path d="M{width - right + 12} {y - 4}h26" stroke="{colors[family]}" stroke-width="2" stroke-dasharray="{dashes}"/>')
            canvas.text(width - right + 44, y, f"{family} {what}", size=12.5, fill=gray)
            y += 20
    canvas.y = top + height + 52
    pathlib.Path(sys.argv[3]).write_text(canvas.svg())


main()
