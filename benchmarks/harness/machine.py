"""This machine: what it is, what it can do, and what a training step needs at least."""

import datetime
import json
import os
import pathlib
import platform
import subprocess

from harness import load

root = pathlib.Path(__file__).resolve().parents[2]
programs = root / "build/release/bin"
results = root / "benchmarks/results"


def threads():
    """As many as there are cores for this process."""
    return len(os.sched_getaffinity(0))


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def compiler():
    """The one that built the programs."""
    cache = (root / "build/release/CMakeCache.txt").read_text()
    command = next(line.split("=", 1)[1] for line in cache.splitlines() if line.startswith("CMAKE_CXX_COMPILER:"))
    return subprocess.run([command, "--version"], capture_output=True, text=True).stdout.splitlines()[0]


def header(versions, rounds):
    """What each file of results begins with."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "processor": processor(),
        "cores": threads(),
        "compiler": compiler(),
        "versions": versions,
        "rounds": rounds,
    }


def write(name, result):
    results.mkdir(exist_ok=True)
    (results / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")


def read(name):
    """The last results of that name, or None."""
    file = results / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else None


def json_of(command, **keywords):
    return json.loads(subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, **keywords).stdout)


def limits(attempts=5):
    """Multiply-adds and bandwidths by the number of threads, as bench_machine prints them, and how busy all else was.

    Of several attempts the quietest counts, the first that is quiet being the last: shares of a peak that something else
    has halved would be too good.
    """
    found = []
    for _ in range(attempts):
        busy = load.Busy()
        measured = json_of([programs / "bench_machine", *sorted({1, threads()})])
        found.append((busy.elsewhere(), measured))
        if not load.noted(found[-1][0]):
            break
    elsewhere, quietest = min(found, key=lambda attempt: attempt[0])
    return {"limits": quietest, "busy_elsewhere": elsewhere}


def work():
    """The least work of a training step and of the generator alone, as bench_work prints it."""
    return json_of([programs / "bench_work"])


def floor_ms(least, limit, batch):
    """The roofline's floor: computing at the measured peak, or moving the least bytes.

    The bytes move at the best bandwidth that was measured for a working set of the size of parameters and moments: a
    floor has to lie below all that can be reached.
    """
    operations = 2 * least["multiplications_per_sample"] * batch
    moved = least["bytes"] + least["bytes_per_sample"] * batch
    bandwidth = max(kind["most"] for kind in limit["bandwidth"]["18"].values())
    return max(operations / limit["gflops"]["most"], moved / bandwidth) * 1e-6


def with_floor(measured, kind, batches):
    """The results of "step" or "generator" with the share of the floor that ctgan's median reaches."""
    for batch, result in batches.items():
        ours = next(row for row in result["rows"] if row["name"] == "ctgan")
        result["floor_ms"] = floor_ms(measured["least_work"][kind], measured["limits"][str(threads())], batch)
        result["share_of_floor"] = result["floor_ms"] / ours["ms"]["median"]
    return batches
