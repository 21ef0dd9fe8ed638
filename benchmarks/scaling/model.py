#!/usr/bin/env python3
"""The tables of docs/scaling.md, from the lines that bench_scaling printed.   model.py MEASURED [--threads T] [--speed F]

A step of n ranks takes

    computation(n, samples of a rank) + exchanges * latency + messages * overhead + bytes / bandwidth

The computation is measured, and interpolated between the measured numbers of samples; exchanges, messages and bytes
are those that a rank sends in a step, counted. --threads T: with the computation measured on T threads. --speed F: a rank
computes F times as fast as that.
"""
import argparse
import statistics

COUNTS = [8, 16, 32, 64, 128, 256, 512, 1024]
SAMPLES_OF_RANK = 64  # weak scaling
# Assumed: seconds of latency, seconds of both ranks' processors for a message, bytes per second in each direction.
NETWORKS = {
    "Ethernet, 1 Gbit/s": (50e-6, 5e-6, 0.117e9),
    "Ethernet, 10 Gbit/s": (25e-6, 5e-6, 1.17e9),
    "InfiniBand, 100 Gbit/s": (1.5e-6, 0.5e-6, 12e9),
}


def read(path):
    """The measurements, by kind: dictionaries of names and numbers."""
    found = {"compute": [], "shards": [], "exchange": [], "steps": []}
    with open(path, encoding="utf-8") as file:
        for line in file:
            kind, *words = line.split()
            found[kind].append({name: float(value) for name, value in zip(words[::2], words[1::2])})
    return found


class Model:
    """The time of a step."""

    def __init__(self, measured, threads, speed=1):
        self.computing, self.sent, self.shard = {}, {1: (0, 0, 0)}, []
        self.speed = speed
        for line in measured["compute"]:
            if line["threads"] != threads:
                continue
            ranks, local = int(line["ranks"]), line["batch"] / line["ranks"]
            if line["shards"] > ranks:
                more = line["computing"] - dict(self.computing[ranks])[local]
                self.shard.append(more / (line["shards"] / ranks - 1))
                continue
            self.computing.setdefault(ranks, []).append((local, line["computing"]))
            self.sent[ranks] = (line["exchanges"], line["messages"], line["bytes"])
        of_messages = {line["messages"]: line["seconds"] for line in measured["exchange"] if line["bytes"] == 8}
        largest = max(measured["exchange"], key=lambda line: line["bytes"])
        overhead = (of_messages[64] - of_messages[1]) / 63
        self.here = (max(0, of_messages[1] - overhead), overhead, largest["bytes"] / largest["seconds"])

    def computation(self, ranks, local):
        """Seconds, along the line through the two nearest measurements."""
        points = self.computing[ranks]
        at = max(1, min(len(points) - 1, sum(x < local for x, _ in points)))
        (x0, y0), (x1, y1) = points[at - 1], points[at]
        return (y0 + (y1 - y0) * (local - x0) / (x1 - x0)) / self.speed

    def messages(self, ranks, network):
        """Seconds."""
        latency, overhead, bandwidth = network
        exchanges, messages, size = self.sent[ranks]
        return exchanges * latency + messages * overhead + size / bandwidth

    def step(self, batch, ranks, network):
        """Seconds."""
        return self.computation(ranks, batch / ranks) + self.messages(ranks, network)


def table(head, rows):
    """Prints a table of Markdown."""
    for row in [head, ["---"] * len(head)] + rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def ms(seconds):
    return f"{seconds * 1e3:.1f}" if seconds < 0.1 else f"{seconds * 1e3:.0f}"


def print_inputs(model, measured):
    latency, overhead, bandwidth = model.here
    print(f"Shared memory here: latency {latency * 1e6:.2f} us, {overhead * 1e6:.2f} us a message, "
          f"{bandwidth / 1e9:.1f} GB/s")
    print(f"A further shard of a rank: {min(model.shard) * 1e3:.1f} to {max(model.shard) * 1e3:.1f} ms\n")
    print("Milliseconds of computation of a rank\n")
    rows = []
    for threads, ranks in [(1, 1), (1, 2), (1, 8), (1, 64), (1, 256), (1, 1024), (2, 1), (2, 2), (2, 64)]:
        of_threads = dict(Model(measured, threads).computing.get(ranks, []))
        rows.append([threads, ranks] + [ms(of_threads[n]) if n in of_threads else "" for n in (1, 4, 16, 64, 256)])
    table(["threads", "ranks", "1 sample", "4", "16", "64", "256"], rows)
    # Small sums go to all ranks whole, large ones in parts, twice.
    (_, _, of_two), (_, _, of_four) = model.sent[2], model.sent[4]
    small = (of_four - 1.5 * of_two) / 1.5
    large = of_two - small
    print(f"Bytes sent by a rank: (n - 1) * {small:.0f} + 2 (n - 1) / n * {large:.0f}")
    formula = {n: (n - 1) * small + 2 * (n - 1) / n * large for n in model.sent if n > 1}
    worst = max(abs(size / model.sent[n][2] - 1) for n, size in formula.items())
    print(f"At most {worst * 100:.2f} % off what was counted\n")
    table(["ranks", "exchanges", "messages", "MB"] + list(NETWORKS),
          [[n, f"{model.sent[n][0]:.0f}", f"{model.sent[n][1]:.0f}", f"{model.sent[n][2] / 1e6:.1f}"]
           + [ms(model.messages(n, network)) for network in NETWORKS.values()] for n in sorted(model.sent) if n > 1])


def print_shards(measured):
    turns = {}
    for line in measured["shards"]:
        turns.setdefault((int(line["threads"]), int(line["shards"])), []).append(line["seconds"])
    print("Shards of one process at batch 64: milliseconds of a step, medians of turns\n")
    counts = sorted({shards for _, shards in turns})
    rows = []
    for threads in sorted({threads for threads, _ in turns}):
        medians = [statistics.median(turns[threads, shards]) for shards in counts]
        rows.append([threads] + [f"{ms(median)} ({median / medians[0]:.2f})" for median in medians])
    table(["threads"] + [f"{shards} shard{'s' * (shards > 1)}" for shards in counts], rows)


def print_check(model, measured, cores=2):
    steps = {(int(line["threads"]), int(line["ranks"]), int(line["batch"])): line["seconds"] for line in measured["steps"]}
    print("Predicted and measured here, one thread a rank, milliseconds\n")
    rows = []
    for (threads, ranks, batch), seconds in sorted(steps.items()):
        if threads == 1:
            predicted = model.step(batch, ranks, model.here) * max(1, ranks / cores)
            rows.append([ranks, batch, ms(predicted), ms(seconds), f"{(seconds / predicted - 1) * 100:+.0f} %"])
    table(["ranks", "batch", "predicted", "measured", "difference"], rows)
    print("Both cores, milliseconds of a step\n")
    table(["batch", "one process of two threads", "two ranks of one thread"],
          [[batch, ms(steps[2, 1, batch]), ms(steps[1, 2, batch])] for batch in (16, 64, 256)])


def print_strong(model):
    print("Strong scaling: how many times as fast as one rank\n")
    rows = []
    for batch in (64, 256, 1024, 4096):
        alone = model.step(batch, 1, (0, 0, 1))
        for name, network in NETWORKS.items():
            times = {n: model.step(batch, n, network) for n in sorted(model.sent) if n <= batch}
            useful = [n for n in times if alone / times[n] >= n / 2]
            rows.append([batch, name] + [f"{alone / times[n]:.1f}" if n in times else "" for n in COUNTS]
                        + [min(times, key=times.get), max(useful)])
    table(["batch", "network"] + COUNTS + ["fastest", "half used"], rows)


def print_weak(model):
    print(f"Weak scaling, {SAMPLES_OF_RANK} samples a rank: milliseconds of a step, and its efficiency\n")
    alone = model.step(SAMPLES_OF_RANK, 1, (0, 0, 1))
    rows = []
    for name, network in NETWORKS.items():
        times = [model.step(SAMPLES_OF_RANK * n, n, network) for n in COUNTS]
        rows.append([name] + [f"{ms(time)}, {alone / time * 100:.0f} %" for time in times])
    table(["network"] + COUNTS, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measured")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--speed", type=float, default=1)
    arguments = parser.parse_args()
    measured = read(arguments.measured)
    model = Model(measured, arguments.threads, arguments.speed)
    if arguments.threads == 1 and arguments.speed == 1:
        print_inputs(model, measured)
        print_shards(measured)
        print_check(model, measured)
    print_strong(model)
    print_weak(model)


if __name__ == "__main__":
    main()
