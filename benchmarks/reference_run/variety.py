#!/usr/bin/env python3
"""Measures whether a generator draws many different digits or only a few, by the distances between digits.

usage: python benchmarks/reference_run/variety.py TENSORS.safetensors IMAGES.gz
TENSORS is a file that sample_dcgan --count 1000 --tensors wrote. The distance of two digits is the root mean square of the
differences of their pixels, which are in [-1, 1]. Prints, for drawn and for real digits, the mean distance to all other digits,
the median distance to the nearest one, which approaches 0 if a generator repeats itself, and the smallest distance.
Needs numpy and safetensors.
"""

import gzip
import sys

import numpy
from safetensors.numpy import load_file


def distances(images):
    images = images.reshape(len(images), -1).astype(numpy.float64)
    squares = (images**2).sum(1)
    table = numpy.sqrt(numpy.maximum(squares[:, None] + squares - 2 * images @ images.T, 0) / images.shape[1])
    others = table[~numpy.eye(len(table), dtype=bool)].reshape(len(table), -1)
    return others.mean(), numpy.median(others.min(1)), others.min()


def main():
    drawn = load_file(sys.argv[1])["images"]
    with gzip.open(sys.argv[2]) as file:
        file.read(16)
        real = numpy.frombuffer(file.read(28 * 28 * len(drawn)), numpy.uint8) / 127.5 - 1
    print(f"{len(drawn)} digits of each kind: mean distance, median distance to the nearest, smallest distance")
    for name, images in (("drawn", drawn), ("real", real.reshape(len(drawn), -1))):
        print(f"{name:6} {' '.join(f'{value:.3f}' for value in distances(images))}")


main()
