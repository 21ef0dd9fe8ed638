#!/usr/bin/env python3
"""Scores the generators of each epoch of several runs, for the tables in docs/reference_run.md.

usage: benchmarks/reference_run/scores.py SCORE_SAMPLES REAL OUT.csv NAME=RUN...
RUN is a folder that epochs.sh or pytorch.py wrote, REAL that of the real digits. Each generator draws 10,000 digits, which are compared
with as many real ones. Figures that OUT.csv has already are not computed again: remove the file after a change. Prints a table in Markdown
of each run, and for each epoch that several runs of two kinds have, told by the first word of their names, how far apart the kinds are.
"""

import csv
import pathlib
import statistics
import subprocess
import sys

figures = ("fld", "kid", "precision", "recall", "density", "coverage", "score")
columns = ("run", "epoch", "chi-square", *figures)


def score(program, real, generator, cache):
    """The figures of a generator and, second, the floor's."""
    output = subprocess.run([program, "--real", real, "--weights", generator, "--cache", cache],
                            check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    rows = []
    for whose, line in zip(("samples", "real"), output):
        words = line.split()
        row = dict(zip(words[:14:2], words[1:14:2]))
        classes = next(line for line in output if line.startswith(f"classes {whose} "))
        row["chi-square"] = classes.split(" chi-square ")[1]
        rows.append(row)
    return rows


def shown(name, value):
    value = float(value)
    return f"{value:.0f}" if name == "chi-square" else f"{value:.2f}" if name in ("fld", "kid", "score") else f"{value:.3f}"


def print_table(first, rows):
    print(f"\n| {first} | fld | kid | precision | recall | density | coverage | score | chi-square |\n|" + "---|" * 9)
    for name, row in rows:
        print(f"| {name} | " + " | ".join(shown(figure, row[figure]) for figure in (*figures, "chi-square")) + " |")


def print_families(rows):
    """For each epoch that several runs of two families have, ctgan's and PyTorch's: the runs, the means, and how far apart they are."""
    for epoch in sorted({int(row["epoch"]) for row in rows} - {0}):
        families = {}
        for row in rows:
            if int(row["epoch"]) == epoch:
                families.setdefault(row["run"].split()[0], []).append(row)
        if len(families) != 2 or min(map(len, families.values())) < 2:
            continue
        values = [{figure: [float(row[figure]) for row in of] for figure in columns[2:]} for of in families.values()]
        means = [(f"{name}, mean", {figure: statistics.mean(of[figure]) for figure in of}) for name, of in zip(families, values)]
        print_table(f"epoch {epoch}", [(row["run"], row) for of in families.values() for row in of] + means)
        first, second = values
        inside = [min(second[figure]) <= value <= max(second[figure]) for figure in first for value in first[figure]]
        errors = {figure: abs(means[0][1][figure] - means[1][1][figure]) /
                  sum(statistics.variance(of[figure]) / len(of[figure]) for of in values) ** 0.5 for figure in first}
        apart = max(errors, key=errors.get)
        print(f"\n{sum(inside)} of {len(inside)} figures of {list(families)[0]} are between the least and the largest of {list(families)[1]}; the means "
              f"differ by at most {errors[apart]:.1f} standard errors ({apart})")


def main():
    program, real, table = sys.argv[1:4]
    path, rows = pathlib.Path(table), []
    if path.exists():
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
    known = {(row["run"], int(row["epoch"])) for row in rows}
    for argument in sys.argv[4:]:
        name, _, folder = argument.partition("=")
        for generator in sorted(pathlib.Path(folder, "generators").glob("epoch_*.safetensors")):
            epoch = int(generator.stem.split("_")[1])
            if (name, epoch) in known:
                continue
            of_samples, of_real = score(program, real, generator, path.parent / "cache")
            if ("floor", 0) not in known:
                known.add(("floor", 0))
                rows.append({"run": "floor", "epoch": 0, **of_real})
            rows.append({"run": name, "epoch": epoch, **of_samples})
            with open(path, "w", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
    rows.sort(key=lambda row: (row["run"].split()[0] == "PyTorch", row["run"], int(row["epoch"])))
    for run in sorted({row["run"] for row in rows}):
        print(f"\n{run}")
        print_table("epoch", [(row["epoch"], row) for row in rows if row["run"] == run])
    print_families(rows)


main()
