"""Compiles the workers of onnx2c and rl-tools, which the caller has to get: a program and a folder of headers."""

import os
import pathlib
import re
import shutil
import subprocess

from harness import machine
from harness.shell import ran

workers = machine.root / "benchmarks/workers"
folder = machine.root / "build/bench-workers"


def compiled_worker(name, source, *flags):
    """The program, or None if it does not compile."""
    program = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    command = [machine.compiler(), "-std=c++20", "-O3", "-march=native", workers / source, "-o", program, *flags]
    return program if ran(command) else None


def onnx2c(given, python, versions):
    """The programs by setting, made with the program `given`. Adds the version."""
    program = shutil.which(given)
    if not program:
        print(f"onnx2c is left out: found no program {given}; name one by --onnx2c PROGRAM or $ONNX2C")
        return {}
    if "onnx" not in versions:
        return {}
    graph, code = folder / "generator.onnx", folder / "generator.c"
    folder.mkdir(parents=True, exist_ok=True)
    if not ran([python, workers / "onnx_graph.py", graph, 1]):
        return {}
    with open(code, "w") as file:
        if not ran([program, graph], stdout=file):
            return {}
    found = {}
    # Its documentation advises -ffast-math.
    for setting, flags in {"-O3": [], "-O3 -ffast-math": ["-ffast-math"]}.items():
        compiled = folder / f"generator{len(found)}.o"
        if ran([os.environ.get("CC", "cc"), "-O3", "-march=native", *flags, "-c", code, "-o", compiled]):
            worker = compiled_worker(f"onnx2c_worker{len(found)}", "onnx2c_worker.cpp", compiled)
            found |= {setting: worker} if worker else {}
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    commit = re.search(r"Commit: (\w+)", said)
    versions["onnx2c"] = f"commit {commit.group(1)}" if commit else "unknown"
    return found


def rl_tools(given, versions):
    """The programs by the kernels that they use, from the folder of sources `given`, or None. Adds the version."""
    if not given:
        print("rl-tools is left out: name the folder of its sources by --rl-tools DIR or $RL_TOOLS")
        return {}
    include = pathlib.Path(given) / "include"
    if not (include / "rl_tools/rl_tools.h").exists():
        print(f"rl-tools is left out: found no include/rl_tools/rl_tools.h in {given}")
        return {}
    # Its documentation advises -ffast-math: without it no sum is vectorized.
    flags = ["-ffast-math", "-isystem", include]
    blas = ["-DRL_TOOLS_BACKEND_ENABLE_OPENBLAS", "-lopenblas"]
    programs = {
        "own kernels": compiled_worker("rl_tools_worker", "rl_tools_worker.cpp", *flags),
        "OpenBLAS": compiled_worker("rl_tools_openblas_worker", "rl_tools_worker.cpp", *flags, *blas),
    }
    commit = re.search(r"RL_TOOLS_COMMIT_HASH ([0-9a-f]{7})", (include / "rl_tools/version.h").read_text())
    versions["rl-tools"] = f"after commit {commit.group(1)}" if commit else "unknown"
    return {kernels: program for kernels, program in programs.items() if program}
