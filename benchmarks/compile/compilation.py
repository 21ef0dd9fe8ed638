"""One compilation: its seconds, its memory and what it instantiates."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

# What each section's programs are compiled with. Including a header makes no code.
modes = {"include": ["-fsyntax-only"], "step": ["-O2", "-c"], "program": ["-O2", "-c"], "layers": ["-O2", "-c"]}


class Failed(Exception):
    """The compiler's first error."""


def command_of(compiler, program, mode, folder):
    file = program.file
    if file is None:
        file = pathlib.Path(folder) / "program.cpp"
        file.write_text(program.text)
    out = [] if "-fsyntax-only" in mode else ["-o", str(pathlib.Path(folder) / "out.o")]
    return [compiler, "-std=c++20", "-w", *mode, *program.flags, str(file), *out]


def run(command):
    """The seconds that the compiler computed, those that passed, and the most memory that it held, in MB."""
    with tempfile.TemporaryFile(mode="w+") as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        if process.returncode != 0:
            said.seek(0)
            lines = said.read().splitlines()
            raise Failed(next((line for line in lines if "error" in line), f"{command[0]} ended with {process.returncode}"))
    # The driver's children, the compiler proper among them, are in the driver's usage.
    return {"cpu_s": usage.ru_utime + usage.ru_stime, "wall_s": wall, "peak_mb": usage.ru_maxrss / 1e3}


def measured(compiler, program):
    with tempfile.TemporaryDirectory() as folder:
        return run(command_of(compiler, program, modes[program.section], folder))


def counting_clang():
    return shutil.which("clang++-19") or shutil.which("clang++")


def instantiations(program):
    """How many classes and functions clang makes of templates, code or no code; None without a clang."""
    if not counting_clang():
        return None
    with tempfile.TemporaryDirectory() as folder:
        mode = ["-O0", "-emit-llvm", "-c", "-ftime-trace", "-ftime-trace-granularity=0"]
        run(command_of(counting_clang(), program, mode, folder))
        events = json.loads((pathlib.Path(folder) / "out.json").read_text())["traceEvents"]
    return sum(event["name"] in ("InstantiateClass", "InstantiateFunction") for event in events)
