"""OpenMP's threads beside ctgan's own, on idle cores and while another program holds a core."""

import contextlib
import functools
import os
import subprocess

from harness import machine, rounds
from harness.compiled import compiled_worker
from harness.rivals import Rival, named


@contextlib.contextmanager
def a_core_held(session):
    """A program keeps the last core busy. Linux divides a core fairly among sessions before it divides a session's part among its
    threads, so a program of another session, such as another terminal, takes more of the core."""
    core = max(os.sched_getaffinity(0))
    holder = subprocess.Popen(
        ["taskset", "-c", str(core), "sh", "-c", "while :; do :; done"], start_new_session=session == "another"
    )
    try:
        yield
    finally:
        holder.kill()
        holder.wait()


# Condition, context, work, batch sizes.
runs = [
    ("idle cores", contextlib.nullcontext, "step", [4, 64]),
    ("idle cores", contextlib.nullcontext, "generator", [1, 64]),
    ("a core held, same session", functools.partial(a_core_held, "same"), "step", [4, 64]),
    ("a core held, another session", functools.partial(a_core_held, "another"), "step", [4, 64]),
]


def rivals(work):
    """Both kinds of threads, and one thread."""
    include = ["-I", machine.root / "include"]
    programs = {
        # The first one is the one that others are compared with.
        "ctgan": compiled_worker(f"bench_{work}_openmp", f"../bench_{work}.cpp", *include, "-DNDEBUG", "-fopenmp", "-DCTGAN_OPENMP=1"),
        "own threads": compiled_worker(f"bench_{work}_own", f"../bench_{work}.cpp", *include, "-DNDEBUG", "-pthread"),
    }
    arguments = ["frozen"] if work == "generator" else []
    found = [
        Rival(named(name, threads), "ctgan", threads, [program, threads, *arguments])
        for threads in sorted({1, machine.threads()}, reverse=True)
        for name, program in programs.items()
        if program
    ]
    return [rival for rival in found if rival.name != "own threads, 1 thread"]


def measure(options):
    """The tables of rounds.measure(), by condition and work."""
    of_work = {work: rivals(work) for work in ("step", "generator")}
    tables = {}
    for condition, during, work, batches in runs:
        title = f"{work}, {condition}"
        print(f"{title}:", flush=True)
        with during():
            tables[title] = rounds.measure(of_work[work], batches, options)
    return tables
