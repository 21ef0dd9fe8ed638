"""The rivals, and the settings with which they are measured."""

import dataclasses

from harness import machine

workers = machine.root / "benchmarks/workers"


@dataclasses.dataclass
class Rival:
    name: str
    family: str  # ctgan, PyTorch, dlib, ONNX Runtime, onnx2c or rl-tools; the best setting of a family counts
    threads: int
    command: list
    environment: dict = dataclasses.field(default_factory=dict)


def named(name, threads):
    """The name, with ", 1 thread" unless all threads are used."""
    return name if threads == machine.threads() else f"{name}, 1 thread"


def ctgan(work):
    program = machine.programs / f"bench_{work}"
    # From the name of a setting to arguments. The first one is the one that others are compared with.
    settings = {"ctgan": ["frozen"], "ctgan, not frozen": ["network"]} if work == "generator" else {"ctgan": []}
    return [
        Rival(named(name, threads), "ctgan", threads, [program, threads, *arguments])
        for name, arguments in settings.items()
        for threads in sorted({1, machine.threads()}, reverse=True)
    ]


def pytorch(python, work, all_settings):
    # From the name of a setting to flags of the worker.
    if work in ("step", "resnet", "unet"):
        settings = {
            "eager": [],
            "eager, fused Adam": ["--adam", "fused"],
            "compile, fused Adam": ["--run", "compile", "--adam", "fused"],
            "channels last, fused Adam": ["--channels-last", "--adam", "fused"],
        }
        more = {
            "eager, foreach Adam": ["--adam", "foreach"],
            "trace, fused Adam": ["--run", "trace", "--adam", "fused"],
            "compile, channels last, fused Adam": ["--run", "compile", "--channels-last", "--adam", "fused"],
        }
        if work != "step":  # on larger images this one may be the best
            settings["compile, channels last, fused Adam"] = more.pop("compile, channels last, fused Adam")
    elif work == "dense":
        settings = {
            "eager, fused Adam": ["--adam", "fused"],
            "compile, fused Adam": ["--run", "compile", "--adam", "fused"],
        }
        more = {
            "eager": [],
            "trace, fused Adam": ["--run", "trace", "--adam", "fused"],
        }
    else:
        settings = {
            "eager, no_grad": [],
            "eager, inference_mode": ["--gradients", "inference_mode"],
            "compile": ["--run", "compile", "--gradients", "inference_mode"],
            "trace, frozen": ["--run", "trace", "--gradients", "inference_mode"],
        }
        more = {
            "channels last": ["--channels-last", "--gradients", "inference_mode"],
            "compile, channels last": ["--run", "compile", "--channels-last", "--gradients", "inference_mode"],
        }
    if all_settings:
        settings |= more

    def rival(setting, flags, threads, pinned=True):
        command = [python, workers / "pytorch_worker.py", work, "--threads", threads, *flags]
        environment = {"OMP_NUM_THREADS": str(threads)}
        # Pinned to cores, PyTorch is faster on a quiet machine, because no two threads share a core.
        if pinned:
            environment |= {"OMP_PROC_BIND": "true", "OMP_PLACES": "cores"}
        name = named(f"PyTorch {setting}" + ("" if pinned else ", unpinned"), threads)
        return Rival(name, "PyTorch", threads, command, environment)

    rivals = [rival(*item, machine.threads()) for item in settings.items()]
    first = dict([next(iter(settings.items()))])
    if machine.threads() > 1:
        # The dense network is so small that one thread may be the fastest.
        rivals += [rival(*item, 1) for item in (settings if all_settings or work != "step" else first).items()]
        rivals += [rival(*item, machine.threads(), pinned=False) for item in (settings if all_settings else first).items()]
    return rivals


def dlib(work):
    # Also with one thread: with two, OpenBLAS is not always faster.
    return [
        Rival(named("dlib", threads), "dlib", threads, [machine.programs / "bench_dlib", work],
              {"OPENBLAS_NUM_THREADS": str(threads)})
        for threads in sorted({1, machine.threads()}, reverse=True)
    ]


def onnx_runtime(python):
    return [
        Rival(named("ONNX Runtime", threads), "ONNX Runtime", threads, [python, workers / "onnx_worker.py", threads])
        for threads in sorted({1, machine.threads()}, reverse=True)
    ]


def onnx2c(programs):
    return [Rival(named(f"onnx2c {setting}", 1), "onnx2c", 1, [program]) for setting, program in programs.items()]


def rl_tools(programs):
    # Its own kernels have one thread.
    return [
        Rival(named(f"rl-tools, {kernels}", threads), "rl-tools", threads, [program], {"OPENBLAS_NUM_THREADS": str(threads)})
        for kernels, program in programs.items()
        for threads in (sorted({1, machine.threads()}, reverse=True) if kernels == "OpenBLAS" else [1])
    ]


def all_rivals(work, setup, options):
    """The available rivals, restricted to ctgan and those that `--only` names."""
    rivals = ctgan(work)
    if "torch" in setup.versions:
        rivals += pytorch(setup.python, work, options.all_settings)
    if "dlib" in setup.versions and work in ("step", "generator", "dense"):
        rivals += dlib(work)
    if work == "generator" and "onnxruntime" in setup.versions:
        rivals += onnx_runtime(setup.python)
    if work == "dense":
        rivals += rl_tools(setup.rl_tools)
    return restricted(rivals, options)


def restricted(rivals, options):
    if options.only:
        rivals = [r for r in rivals if r.family == "ctgan" or any(part.lower() in r.name.lower() for part in options.only)]
    return rivals


def of_one_sample(setup, options):
    """Those of the generator, with onnx2c, whose code is for one batch size."""
    return all_rivals("generator", setup, options) + restricted(onnx2c(setup.onnx2c), options)


def for_latency(setup, options, generator):
    """Those of one sample without dlib, and of PyTorch the two settings that were fastest in the results `generator`."""
    rivals = of_one_sample(setup, options)
    by_name = {rival.name: rival for rival in rivals if rival.family == "PyTorch"}
    measured = [row for row in generator["batches"]["1"]["rows"] if row["name"] in by_name] if generator else []
    fastest = [row["name"] for row in sorted(measured, key=lambda row: row["ms"]["median"])][:2]
    if len(fastest) < 2:
        fastest = ["PyTorch compile", "PyTorch trace, frozen"]
    # At batch 1 one thread may be faster.
    fastest += [named(name, 1) for name in fastest]
    return [rival for rival in rivals if rival.family not in ("PyTorch", "dlib") or rival.name in fastest]
