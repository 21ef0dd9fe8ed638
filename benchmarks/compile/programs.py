"""What is compiled: ctgan's programs and those of its rivals that do the same."""

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
    file: pathlib.Path  # or None: the program is its `text`
    flags: tuple = ()
    text: str = ""
    compilers: tuple = ("g++",)


def packages(*names):
    """The flags that pkg-config has for them."""
    found = subprocess.run(["pkg-config", "--cflags", *names], capture_output=True, text=True)
    return tuple(shlex.split(found.stdout.replace("-I", "-isystem ")))


def alike(depth):
    return ", ".join("ReLU" if i % 2 else "Linear<16, 16>" for i in range(depth))


def distinct(depth):
    return ", ".join("ReLU" if i % 2 else f"Linear<{16 + i // 2}, {17 + i // 2}>" for i in range(depth))


def torch_folder():
    """Where torch/torch.h is: Debian's, or None."""
    folder = pathlib.Path("/usr/include/torch/csrc/api/include")
    return folder if (folder / "torch/torch.h").exists() else None


def rivals(skipped):
    """The rivals' flags by name, C++17 being what they ask for; of those that are not there `skipped` is told."""
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
