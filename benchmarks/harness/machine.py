"""This machine: its description, its limits, and the minimum work of a training step."""

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
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def compiler():
    """The compiler that built the programs."""
    cache = (root / "build/release/CMakeCache.txt").read_text()
    return next(line.split("=", 1)[1] for line in cache.splitlines() if line.startswith("CMAKE_CXX_COMPILER:"))


def compiler_version():
    return subprocess.run([compiler(), "--version"], capture_output=True, text=True).stdout.splitlines()[0]


def header(versions, rounds):
    """The first entries of each file of results."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "processor": processor(),
        "cores": threads(),
        "compiler": compiler_version(),
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
    """The multiply-adds and bandwidths that bench_machine prints for each number of threads, and how busy other processes were.

    Stops at the first quiet attempt and otherwise takes the quietest: a peak that another process has halved would make our
    shares of it look too good.
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
    """The minimum work of a training step and of the generator alone, as bench_work prints it."""
    return json_of([programs / "bench_work"])


def floor_ms(minimum, limit, batch):
    """The roofline's floor: the minimum arithmetic at the measured peak or the minimum traffic, whichever takes longer.

    The traffic is at the best bandwidth measured for a working set of the size of parameters and moments, because a floor must
    be below everything that can be reached.
    """
    operations = 2 * minimum["multiplications_per_sample"] * batch
    moved = minimum["bytes"] + minimum["bytes_per_sample"] * batch
    bandwidth = max(kind["most"] for kind in limit["bandwidth"]["18"].values())
    return max(operations / limit["gflops"]["most"], moved / bandwidth) * 1e-6


def with_floor(measured, kind, batches):
    """Adds the floor, and the floor divided by ctgan's median, to the results of "step" or "generator"."""
    for batch, result in batches.items():
        ours = next(row for row in result["rows"] if row["name"] == "ctgan")
        result["floor_ms"] = floor_ms(measured["least_work"][kind], measured["limits"][str(threads())], batch)
        result["share_of_floor"] = result["floor_ms"] / ours["ms"]["median"]
    return batches
