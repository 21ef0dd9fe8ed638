#!/usr/bin/env python3
"""Writes pictures of colored shapes in the format of CIFAR-10's binary version, to try what reads that format.

usage: color_shapes.py FOLDER [COUNT]
Ten classes of shapes, of any color, size and place, with some noise. COUNT pictures for each of data_batch_1.bin to 5 and for
test_batch.bin (default: 100).
"""

import colorsys
import pathlib
import random
import sys

side = 32
# Whether a place, relative to the middle and in units of the size, is on the shape.
shapes = (
    lambda x, y: x * x + y * y < 1,  # disk
    lambda x, y: max(abs(x), abs(y)) < 0.85,  # square
    lambda x, y: abs(x) < (y + 1) / 2 and y < 1,  # triangle
    lambda x, y: abs(x) < (1 - y) / 2 and y > -1,  # the same, upside down
    lambda x, y: 0.4 < x * x + y * y < 1,  # ring
    lambda x, y: min(abs(x), abs(y)) < 0.3 and max(abs(x), abs(y)) < 1,  # cross
    lambda x, y: abs(abs(x) - abs(y)) < 0.35 and max(abs(x), abs(y)) < 1,  # the same, turned
    lambda x, y: max(abs(x), abs(y)) < 1 and int(2.5 * (y + 1)) % 2 == 0,  # stripes
    lambda x, y: max(abs(x), abs(y)) < 1 and int(2.5 * (x + 1)) % 2 == 0,  # upright stripes
    lambda x, y: abs(x) + abs(y) < 1 and abs(x) + abs(y) > 0.55,  # the outline of a square, turned
)


def picture(label, draw):
    size, x, y = draw.uniform(8, 12), draw.uniform(13, 18), draw.uniform(13, 18)
    hue = draw.random()
    front = [255 * v for v in colorsys.hsv_to_rgb(hue, draw.uniform(0.6, 1), draw.uniform(0.7, 1))]
    back = [255 * v for v in colorsys.hsv_to_rgb((hue + draw.uniform(0.25, 0.75)) % 1, draw.uniform(0.3, 1), draw.uniform(0.1, 0.4))]
    on = [shapes[label]((column - x) / size, (row - y) / size) for row in range(side) for column in range(side)]
    noise = draw.choices(range(-12, 13), k=3 * side * side)
    values = (front[c] if inside else back[c] for c in range(3) for inside in on)
    return bytes([label, *(min(255, max(0, round(v) + n)) for v, n in zip(values, noise))])


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100
    folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate([*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]):
        draw = random.Random(seed)
        (folder / f"{name}.bin").write_bytes(b"".join(picture(draw.randrange(10), draw) for _ in range(count)))


main()
