#!/usr/bin/env python3
"""Measures what each score is of real digits, of noise and of collapsed generators, for the table in docs/scores.md.

usage: python benchmarks/scores/ranges.py SCORE_SAMPLES MNIST_DIR OUT_DIR [--counts N,N...] [--no-sets] [NAME=GENERATOR.safetensors...]
MNIST_DIR holds the full set. The real digits are those of training; the sets that are made of digits are made of the 10,000 test digits,
so none is a copy of a real one, and all but "the real digits themselves" are compared with digits of other writers. The sets are written to
OUT_DIR/*.idx, and depend on nothing but the digits; with --no-sets only the generators are compared. Prints the table's rows in
Markdown, and for each the seconds and the memory of score_samples. It computes what depends on the real digits alone once for each count, so
the first comparison of a count has the cost of a whole one; all others read this from OUT_DIR/cache.
Needs numpy and /usr/bin/time.
"""

import argparse
import gzip
import pathlib
import subprocess

import numpy

count, side = 10000, 28
figures = ("fld", "kid", "precision", "recall", "density", "coverage", "score")


def read(folder, name):
    with gzip.open(pathlib.Path(folder, name)) as file:
        data = file.read()
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3])


def moved(pictures, down, right):
    """Pictures with other rows and columns, black where nothing moves in."""
    padded = numpy.pad(pictures, ((0, 0), (2, 2), (2, 2)))
    return padded[:, 2 - down:2 - down + side, 2 - right:2 - right + side]


def blurred(pictures, deviation):
    """Pictures blurred by a normal distribution, in float."""
    reach = int(3 * deviation + 1)
    weights = numpy.exp(-0.5 * (numpy.arange(-reach, reach + 1) / deviation) ** 2)
    weights /= weights.sum()
    for axis in (1, 2):
        margin = [(reach, reach) if a == axis else (0, 0) for a in range(3)]
        padded = numpy.pad(pictures.astype(numpy.float64), margin)
        pictures = sum(w * numpy.take(padded, range(i, i + side), axis) for i, w in enumerate(weights))
    return pictures


def bytes_of(pictures):
    return numpy.clip(numpy.rint(pictures), 0, 255).astype(numpy.uint8)


def near_copies(pictures, random):
    """Many pictures of few: each pixel off by up to 8 gray levels."""
    repeated = numpy.resize(pictures, (count, side, side)).astype(numpy.int16)
    return bytes_of(repeated + random.integers(-8, 9, repeated.shape))


def sets(digits, labels):
    """Names and pictures of what is compared with the real digits."""
    random = numpy.random.default_rng(0)
    yield "test digits, of other writers", digits
    few = [numpy.flatnonzero(labels == c)[0] for c in range(10)]
    shifts = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    yield "the same, each moved by one pixel at most", bytes_of(numpy.concatenate(
        [moved(digits[i::9], *shift) for i, shift in enumerate(shifts)]))
    yield "the same, blurred (deviation of 1 pixel)", bytes_of(blurred(digits, 1))
    noisy = digits + random.normal(0, 32, digits.shape)
    yield "the same, with noise (deviation of 32 gray levels)", bytes_of(noisy)
    yield "digits 0 to 4 only, each twice, moved", bytes_of(numpy.concatenate(
        [moved(digits[labels < 5], *shift) for shift in ((0, 1), (1, 0))])[:count])
    ones = numpy.concatenate([moved(digits[labels == 1], *shift) for shift in shifts])
    yield "ones only, moved", random.permutation(ones)[:count]
    yield "ten digits, one of each class, nearly repeated", near_copies(digits[few], random)
    yield "one digit, nearly repeated", near_copies(digits[few[:1]], random)
    smooth = blurred(random.normal(size=(count, side, side)), 2)
    yield "smoothed noise", bytes_of(255 * (smooth / (4 * smooth.std()) + 0.5))
    yield "random bytes", random.integers(0, 256, (count, side, side)).astype(numpy.uint8)
    yield "mean of all digits, with noise", bytes_of(digits.mean(0) + random.normal(0, 8, digits.shape))


def write_idx(path, pictures):
    assert pictures.shape[1:] == (side, side)
    header = numpy.array([0x803, len(pictures), side, side], ">i4")
    path.write_bytes(header.tobytes() + numpy.ascontiguousarray(pictures).tobytes())


def score(program, real, what, pictures, out):
    """The lines that score_samples prints, its seconds, elapsed and of all cores, and its MB."""
    times = out / "times"
    output = subprocess.run(["/usr/bin/time", "-o", times, "-f", "%e %U %S %M", program, "--real", real, *what, "--count", str(pictures),
                             "--cache", out / "cache"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    elapsed, user, system, kilobytes = map(float, times.read_text().split())
    return output, elapsed, user + system, kilobytes / 1024


def shown(name, value):
    value = float(value)
    if name in ("fld", "kid"):
        return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:.2f}" if name == "score" else f"{value:.3f}"


def cells(output, line):
    """The figures of a line, and chi-square."""
    words = output[line].split()
    values = dict(zip(words[:14:2], words[1:14:2]))
    classes = [text for text in output if text.startswith("classes ")][line]
    return [*(shown(figure, values[figure]) for figure in figures), f"{float(classes.split(' chi-square ')[1]):,.0f}"]


def print_row(name, of_counts):
    print(f"| {name} | " + " | ".join(" / ".join(of_count) for of_count in zip(*of_counts)) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("mnist", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("generators", nargs="*", metavar="NAME=GENERATOR.safetensors")
    parser.add_argument("--counts", default="10000,2000")
    parser.add_argument("--no-sets", action="store_true")
    options = parser.parse_intermixed_args()
    options.out.mkdir(parents=True, exist_ok=True)
    real, compared = options.mnist / "train-images-idx3-ubyte.gz", []
    if not options.no_sets:
        digits = read(options.mnist, "t10k-images-idx3-ubyte.gz").reshape(-1, side, side)
        labels = read(options.mnist, "t10k-labels-idx1-ubyte.gz")
        compared.append(("the real digits themselves", ["--samples", real]))
        for i, (name, pictures) in enumerate(sets(digits, labels)):
            file = options.out / f"{i:02}.idx"
            write_idx(file, pictures)
            compared.append((name, ["--samples", file]))
    for argument in options.generators:
        name, _, file = argument.partition("=")
        compared.append((name, ["--weights", file]))

    counts = [int(text) for text in options.counts.split(",")]
    costs = []
    print("| " + " / ".join(f"{pictures:,}" for pictures in counts) + " pictures | " + " | ".join(figures) + " | chi-square |\n|" + "---|" * 9)
    for i, (name, what) in enumerate(compared):
        outputs = []
        for pictures in counts:
            output, *cost = score(options.program, real, what, pictures, options.out)
            outputs.append(output)
            costs.append((name, pictures, *cost))
        if i == 0 and not options.no_sets:
            print_row("other real digits: the floor", [cells(output, 1) for output in outputs])
        print_row(name, [cells(output, 0) for output in outputs])
    print("\n| pictures | count | seconds | CPU seconds | MB |\n|---|---|---|---|---|")
    for name, pictures, elapsed, cpu, mb in costs:
        print(f"| {name} | {pictures:,} | {elapsed:.1f} | {cpu:.1f} | {mb:.0f} |")


main()
