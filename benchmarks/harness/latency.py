"""The time of single calls of the generator at batch 1."""

import math
import statistics

from harness import footprint, load
from harness.rounds import leaving_out, start, spread

batch, turns = 1, 10
# The first calls of a turn, until caches and threads are as in a program that does nothing else. They are left out.
warm_up_calls = 100
# A rival that takes longer than `slow_ms` per call makes fewer calls: as many as fit in `slow_seconds`.
slow_ms, slow_seconds = 2, 20
# Processes that start fast are started so often, because their start varies more.
most_starts = 20
shares = {"p50": 0.5, "p99": 0.99, "p99_9": 0.999}


def percentile(ordered, share):
    """The smallest of the values, in ascending order, that at least this share of them does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def percentiles(times):
    ordered = sorted(times)
    return {name: percentile(ordered, share) for name, share in shares.items()}


def calls_per_turn(worker, calls):
    worker.turn(batch, 3)
    ms = statistics.median(worker.turn(batch, 20))
    if ms > slow_ms:
        calls = min(calls, 1000 * slow_seconds / ms)
    return math.ceil(calls / turns)


def turn(worker, count):
    """The milliseconds of each call of a turn, and the number of cores that other processes kept busy meanwhile."""
    before = load.Busy(lambda: load.of_process(worker.process.pid))
    times = worker.turn(batch, warm_up_calls + count)
    return times[warm_up_calls:], before.elsewhere()


def measure(rivals, calls, starts):
    """For each rival the percentiles of all calls with the range of its turns, and the first calls of at least `starts` processes.

    The rivals take turns as in rounds.measure().
    """
    first = {row["name"]: row for row in footprint.of_workers(rivals, batch, starts, most_starts)}
    rivals = [rival for rival in rivals if rival.name in first]
    workers = start(rivals)
    try:
        counts, found = {}, {}
        for name, worker in list(workers.items()):
            with leaving_out(name, workers):
                counts[name], found[name] = calls_per_turn(worker, calls), []
        for number in range(turns):
            for name in list(workers) if number % 2 == 0 else list(reversed(workers)):
                with leaving_out(name, workers):
                    found[name].append(turn(workers[name], counts[name]))
        rows = [row_of(rival, found[rival.name]) | first[rival.name] for rival in rivals if rival.name in workers]
    finally:
        for worker in workers.values():
            worker.close()
    for row in rows:
        print(line_of(row), flush=True)
    if not any(row["name"] == "ctgan" for row in rows):
        raise SystemExit("latency: ctgan itself could not be measured")
    busy = max(row["cores_busy_elsewhere"] for row in rows)
    load.warn("latency:", busy)
    return {"rows": rows, "busy_elsewhere": busy}


def row_of(rival, turns_of_rival):
    times, elsewhere = zip(*turns_of_rival)
    together = percentiles([ms for turn_times in times for ms in turn_times])
    of_turns = [percentiles(turn_times) for turn_times in times]
    row = {"name": rival.name, "family": rival.family, "threads": rival.threads, "calls": sum(map(len, times)),
           "cores_busy_elsewhere": statistics.mean(elsewhere)}
    # Of all calls, but the range of the turns.
    return row | {name: spread([turn[name] for turn in of_turns]) | {"all": ms} for name, ms in together.items()}


def line_of(row):
    words = ", ".join(f"{name} {row[name]['all']:.3f}" for name in shares)
    return f"{row['name']:36} {row['threads']} threads, {row['calls']:7,} calls: {words} ms"
