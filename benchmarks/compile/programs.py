"""The programs to compile: ctgan's, and equivalent ones of its rivals."""

import dataclasses
import pathlib
import shutil
import subprocess

root = pathlib.Path(__file__).resolve().parents[2]
sources = root / "benchmarks/compile/sources"


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    section: str
    file: pathlib.Path  # None: the program is `text`
    flags: tuple = ()
    text: str = ""
    compilers: tuple = ("g++",)


class Missing(Exception):
    """A header that the compiler does not find."""


def finds(header, flags):
    compiler = shutil.which("g++") or shutil.which("clang++") or "c++"
    text = f"#if !__has_include(<{header}>)\n#error\n#endif\n"
    return subprocess.run([compiler, "-x", "c++", "-E", *flags, "-"], input=text, capture_output=True, text=True).returncode == 0


def flags_for(header, folder=""):
    """The flags with which the compiler finds the header: none, or those for `folder` in one of the usual include folders."""
    usual = (pathlib.Path(include) / folder for include in ("/usr/include", "/usr/local/include", "/opt/homebrew/include"))
    for flags in ((), *(("-isystem", str(place)) for place in usual)):
        if finds(header, flags):
            return flags
    raise Missing(f"found no {header}, expected it in the folders of the compiler: add its folder to CPATH")


def alike(depth):
    """The layers of a network that repeats one kind of Linear layer."""
    return ", ".join("ReLU" if i % 2 else "Linear<16, 16>" for i in range(depth))


def distinct(depth):
    """The layers of a network whose Linear layers all differ."""
    return ", ".join("ReLU" if i % 2 else f"Linear<{16 + i // 2}, {17 + i // 2}>" for i in range(depth))


def blocks(count):
    """The layers of a network of residual blocks of two normalizations and two convolutions each."""
    half = "BatchNorm2d<32>, ReLU, Conv2d<32, 32, 3, 1, 1>"
    return ", ".join(["Input<32, 16, 16>", *[f"Residual<Sequential<{half}, {half}>>"] * count])


def torch_folder():
    """The folder of torch/torch.h in Debian's package, or None."""
    folder = pathlib.Path("/usr/include/torch/csrc/api/include")
    return folder if (folder / "torch/torch.h").exists() else None


def rivals(skipped):
    """The flags of the installed rivals, by name; both require C++17. Calls skipped(message) for each that is missing."""
    found = {}
    try:
        found["dlib"] = ("-std=c++17", *flags_for("dlib/dnn.h"))
    except Missing as missing:
        skipped(f"dlib is left out: {missing} (libdlib-dev)")
    if torch_folder():
        found["LibTorch"] = ("-std=c++17", "-isystem", str(torch_folder()))
    else:
        skipped("LibTorch is left out: found no torch/torch.h (libtorch-dev)")
    return found


def header_only(name, folder, header, flags, skipped):
    """The flags of a header-only rival in a folder of its sources. Calls skipped(message) and returns None if it is not there."""
    if folder and (pathlib.Path(folder) / header).exists():
        return ("-std=c++17", "-isystem", str((pathlib.Path(folder) / header).parents[1]), *flags)
    skipped(f"{name} is left out: found no {header} in {folder}" if folder else f"{name} is left out: found no --{name.lower()}")
    return None


def perceptrons(ctgan, eigen, folders, skipped):
    """A perceptron of 784, 256, 256 and 10 values: the rivals here have the layers for it, but not for the DCGAN."""
    layers = "-DLAYERS=Linear<784, 256>, ReLU, Linear<256, 256>, ReLU, Linear<256, 10>"
    found = [("ctgan: a training step", "layers.cpp", (*ctgan, layers))]
    flags = header_only("rl-tools", folders["rl-tools"], "include/rl_tools/rl_tools.h", (), skipped)
    found += [("rl-tools: a training step, by its own loops without BLAS", "rl_tools_perceptron.cpp", flags)] if flags else []
    found += [("ctgan: inference", "inference.cpp", (*ctgan, layers))]
    needed = () if eigen is None else (*eigen, "-DRTNEURAL_USE_EIGEN=1")
    flags = header_only("RTNeural", folders["RTNeural"], "RTNeural/RTNeural.h", needed, skipped) if needed else None
    found += [("RTNeural with Eigen: inference of one sample; it cannot train", "rtneural_perceptron.cpp", flags)] if flags else []
    yield from (Program(name, "perceptron", sources / file, flags, compilers=("g++", "clang++")) for name, file, flags in found)


def all_programs(folders, skipped):
    """The programs of all sections. `folders`: the sources of rl-tools and RTNeural, or None. Calls skipped(message) for each library that is missing."""
    try:
        eigen = flags_for("Eigen/Core", "eigen3")
    except Missing as missing:
        eigen = None
        skipped(f"Eigen is left out: {missing} (libeigen3-dev)")
    ctgan = ("-I", str(root / "include"))
    both = ("g++", "clang++")
    there = rivals(skipped)
    headers = [("ctgan/dcgan.hpp", ctgan), ("iostream", ())]
    headers += [("Eigen/Core", eigen)] if eigen is not None else []
    headers += [(f"{file}", there[name]) for name, file in (("dlib", "dlib/dnn.h"), ("LibTorch", "torch/torch.h")) if name in there]
    yield from (Program(f"<{file}>", "include", None, flags, f"#include <{file}>\n") for file, flags in headers)

    yield Program("ctgan", "step", sources / "step.cpp", ctgan, compilers=both)
    yield Program("ctgan, a file that only calls it", "step", sources / "caller.cpp", ctgan, compilers=both)
    yield from (Program(name, "step", sources / f"{name.lower()}_dcgan.cpp", flags, compilers=both) for name, flags in there.items())

    yield from perceptrons(ctgan, eigen, folders, skipped)

    data = f'-DCTGAN_SHIPPED_DATA_DIR="{root}"'
    parts = ("run_on_cpu", "host_networks", "run_report", "scoring") + (("scorer",) if eigen is not None else ())
    for file in ("train_dcgan.cpp", *(f"train/{part}.cpp" for part in parts)):
        scores = ("-DCTGAN_WITH_SCORES", *eigen) if file == "train/scorer.cpp" else ()
        yield Program(file, "program", root / "examples" / file, (*ctgan, data, *scores))
    yield Program("program.cpp at -O0, for all programs", "program", root / "examples/program.cpp", (*ctgan, "-O0"))

    for depth in (8, 32, 128, 300):
        for name, layers in (("alike", alike), ("distinct", distinct)):
            yield Program(f"{depth} layers, {name}", "layers", sources / "layers.cpp", (*ctgan, f"-DLAYERS={layers(depth)}"))
    for count in (8, 32, 64):
        yield Program(f"{count} residual blocks", "layers", sources / "layers.cpp", (*ctgan, f"-DLAYERS={blocks(count)}"))
