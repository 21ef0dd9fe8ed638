"""Measures the rivals in alternating rounds."""

import contextlib
import statistics

from harness import load
from harness.worker import Failed, Worker


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


@contextlib.contextmanager
def leaving_out(name, workers):
    """Removes a rival that fails, with a message."""
    try:
        yield
    except Failed as failed:
        print(f"{name} is left out: {failed}", flush=True)
        workers.pop(name, None)


def start(rivals):
    """A worker for each rival, without those that do not start."""
    workers = {}
    for rival in rivals:
        with leaving_out(rival.name, workers):
            worker = Worker(rival.command, rival.environment)
            worker.stop()
            workers[rival.name] = worker
    return workers


def warm_up(workers, batch, seconds):
    """The number of steps that each rival takes in a turn of so many seconds. The first steps build and compile the networks."""
    counts = {}
    for name, worker in list(workers.items()):
        with leaving_out(name, workers):
            worker.turn(batch, 3)
            ms = statistics.median(worker.turn(batch, 5))
            counts[name] = min(1000, max(5, round(1000 * seconds / ms)))
    return counts


def turn(worker, batch, count):
    """The median time of a step in a turn, and the number of cores that other processes kept busy meanwhile.

    Leaves out the first fifth of the turn: until then the caches hold the previous rival's data.
    """
    before = load.Busy(lambda: load.of_process(worker.process.pid))
    times = worker.turn(batch, count)
    return statistics.median(times[len(times) // 5 :]), before.elsewhere()


def measure(rivals, batches, options):
    """The milliseconds of a step for each batch size and rival, their ratio to ctgan's, and the process's peak memory.

    All workers stay alive for the whole run and take turns, one at a time, so that other load on the machine affects all of
    them. Every second round has the opposite order. Ratios are taken within rounds. The batch sizes ascend, because a
    peak of memory is that of the process so far.
    """
    workers = start(rivals)
    try:
        table = {}
        for batch in sorted(batches):
            counts = warm_up(workers, batch, options.seconds)
            turns = {name: [] for name in counts}
            for number in range(options.rounds):
                order = list(workers) if number % 2 == 0 else list(reversed(workers))
                for name in order:
                    with leaving_out(name, workers):
                        turns[name].append(turn(workers[name], batch, counts[name]))
            turns = {name: turns[name] for name in workers}
            peaks = {name: worker.peak_bytes() / 1e6 for name, worker in workers.items()}
            table[batch] = compared(rows_of(rivals, turns, counts, peaks))
            for row in table[batch]["rows"]:
                print(line_of(batch, row), flush=True)
            load.warn(f"batch {batch}", table[batch]["busy_elsewhere"])
        return table
    finally:
        for worker in workers.values():
            worker.close()


def rows_of(rivals, turns, counts, peaks):
    ours = [ms for ms, _ in turns["ctgan"]]
    rows = []
    for rival in rivals:
        if rival.name in turns:
            medians, elsewhere = zip(*turns[rival.name])
            rows.append({
                "name": rival.name,
                "family": rival.family,
                "threads": rival.threads,
                "steps_per_round": counts[rival.name],
                "ms": spread(medians),
                "ratio": spread([other / own for other, own in zip(medians, ours)]),
                "peak_mb": peaks[rival.name],
                "cores_busy_elsewhere": statistics.mean(elsewhere),
            })
    return rows


def compared(rows):
    """The rows, the best setting of each family, how ctgan scales with threads, and how busy other processes were."""
    of_one = [row["ratio"]["median"] for row in rows if row["name"] == "ctgan, 1 thread"]
    leaders = {row["family"]: best(rows, row["family"])["name"] for row in rows}
    busy = max(row["cores_busy_elsewhere"] for row in rows)
    return {"rows": rows, "best": leaders, "one_thread_to_all": of_one[0] if of_one else None, "busy_elsewhere": busy}


def line_of(batch, row):
    ms, ratio = row["ms"], row["ratio"]
    return (
        f"batch {batch:4}  {row['name']:36} {row['threads']} threads {ms['median']:9.3f} ms"
        f"  [{ms['least']:.3f} - {ms['most']:.3f}]  {ratio['median']:6.2f} x ctgan's [{ratio['least']:.2f} - {ratio['most']:.2f}]"
    )


def best(rows, family):
    """The family's row with the lowest median, or None."""
    own = [row for row in rows if row["family"] == family]
    return min(own, key=lambda row: row["ms"]["median"], default=None)
