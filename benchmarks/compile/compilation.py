"""Measures one compilation: its time, its memory and the number of template instantiations."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

# The flags of each section. A program that only includes a header has no code to generate.
modes = {"include": ["-fsyntax-only"], "step": ["-O2", "-c"], "perceptron": ["-O2", "-c"], "program": ["-O2", "-c"],
         "layers": ["-O2", "-c"]}


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
    """The processor seconds of the compiler, the seconds that passed, and its peak memory in MB."""
    with tempfile.TemporaryFile(mode="w+") as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        if process.returncode != 0:
            output.seek(0)
            lines = output.read().splitlines()
            raise Failed(next((line for line in lines if "error" in line), f"{command[0]} ended with {process.returncode}"))
    # The usage of the driver includes that of its children, such as the compiler proper.
    return {"cpu_s": usage.ru_utime + usage.ru_stime, "wall_s": wall, "peak_mb": usage.ru_maxrss / 1e3}


def measured(compiler, program):
    with tempfile.TemporaryDirectory() as folder:
        return run(command_of(compiler, program, modes[program.section], folder))


def counting_clang():
    return shutil.which("clang++-19") or shutil.which("clang++")


def instantiations(program):
    """The number of classes and functions that clang instantiates, with or without code; None if there is no clang."""
    if not counting_clang():
        return None
    with tempfile.TemporaryDirectory() as folder:
        mode = ["-O0", "-emit-llvm", "-c", "-ftime-trace", "-ftime-trace-granularity=0"]
        run(command_of(counting_clang(), program, mode, folder))
        events = json.loads((pathlib.Path(folder) / "out.json").read_text())["traceEvents"]
    return sum(event["name"] in ("InstantiateClass", "InstantiateFunction") for event in events)
