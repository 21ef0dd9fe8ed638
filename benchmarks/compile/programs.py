"""The programs to compile: ctgan's, and equivalent ones of its rivals."""

import dataclasses
import pathlib
import shlex
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


def packages(*names):
    """The compiler flags that pkg-config gives for the packages."""
    found = subprocess.run(["pkg-config", "--cflags", *names], capture_output=True, text=True)
    return tuple(shlex.split(found.stdout.replace("-I", "-isystem ")))


def alike(depth):
    """The layers of a network that repeats one kind of Linear layer."""
    return ", ".join("ReLU" if i % 2 else "Linear<16, 16>" for i in range(depth))


def distinct(depth):
    """The layers of a network whose Linear layers all differ."""
    return ", ".join("ReLU" if i % 2 else f"Linear<{16 + i // 2}, {17 + i // 2}>" for i in range(depth))


def torch_folder():
    """The folder of torch/torch.h in Debian's package, or None."""
    folder = pathlib.Path("/usr/include/torch/csrc/api/include")
    return folder if (folder / "torch/torch.h").exists() else None


def rivals(skipped):
    """The flags of the installed rivals, by name; both require C++17. Calls skipped(message) for each that is missing."""
    found = {}
    if pathlib.Path("/usr/include/dlib/dnn.h").exists():
        found["dlib"] = ("-std=c++17", *packages("dlib-1"))
    else:
        skipped("dlib is left out: found no /usr/include/dlib/dnn.h (libdlib-dev)")
    if torch_folder():
        found["LibTorch"] = ("-std=c++17", "-isystem", str(torch_folder()))
    else:
        skipped("LibTorch is left out: found no torch/torch.h (libtorch-dev)")
    return found


def all_programs(skipped):
    ctgan = ("-I", str(root / "include"), *packages("eigen3"))
    both = ("g++", "clang++")
    there = rivals(skipped)
    headers = [("ctgan/dcgan.hpp", ctgan), ("Eigen/Core", ctgan), ("iostream", ())]
    headers += [(f"{file}", there[name]) for name, file in (("dlib", "dlib/dnn.h"), ("LibTorch", "torch/torch.h")) if name in there]
    yield from (Program(f"<{file}>", "include", None, flags, f"#include <{file}>\n") for file, flags in headers)

    yield Program("ctgan", "step", sources / "step.cpp", ctgan, compilers=both)
    yield Program("ctgan, a file that only calls it", "step", sources / "caller.cpp", ctgan, compilers=both)
    yield from (Program(name, "step", sources / f"{name.lower()}_dcgan.cpp", flags, compilers=both) for name, flags in there.items())

    program_flags = ("-I", str(root / "examples"), f'-DCTGAN_SHIPPED_DATA_DIR="{root}"', *packages("libpng", "zlib", "fmt"))
    yield Program("train_dcgan.cpp", "program", root / "examples/train_dcgan.cpp", (*ctgan, *program_flags))

    for depth in (8, 32, 128, 300):
        for name, layers in (("alike", alike), ("distinct", distinct)):
            yield Program(f"{depth} layers, {name}", "layers", sources / "layers.cpp", (*ctgan, f"-DLAYERS={layers(depth)}"))
